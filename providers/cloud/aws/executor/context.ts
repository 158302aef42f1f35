import type { ActionContext as Context } from '../../shared/executor/context.ts';
import type { RegionalClients } from '../clients.ts';
import type { ScopedCall } from './session-policy.ts';

/** Everything one action on AWS needs. */
export type ActionContext = Context<RegionalClients, ScopedCall>;
