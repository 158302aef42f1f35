import type { CallScope, ActionContext as Context } from '../../shared/executor/context.ts';
import type { Effect as AnyEffect } from '../../shared/executor/effect.ts';
import type { GcpSession } from '../clients.ts';

/** A token is narrowed to one API by its scope; to resources only by the role and its conditions. */
export interface GcpScope extends CallScope {
  readonly role: 'reversible' | 'destructive';
  readonly api: 'compute' | 'sql';
}

/** Everything one action on Google Cloud needs. */
export type ActionContext = Context<GcpSession, GcpScope>;
export type Effect = AnyEffect<GcpSession, GcpScope>;
