import type { CallScope, ActionContext as Context } from '../../shared/executor/context.ts';
import type { Effect as AnyEffect } from '../../shared/executor/effect.ts';
import type { AzureSession } from '../clients.ts';

/** Azure cannot narrow a token: what a call may do is its app registration's role, so the role is all there is to choose. */
export interface AzureScope extends CallScope {
  readonly role: 'reversible' | 'destructive';
}

/** Everything one action on Azure needs. */
export type ActionContext = Context<AzureSession, AzureScope>;
export type Effect = AnyEffect<AzureSession, AzureScope>;
