import type { Effect as AnyEffect } from '../../shared/executor/effect.ts';
import type { RegionalClients } from '../clients.ts';
import type { ScopedCall } from './session-policy.ts';

/** One change to AWS. EC2 has no client tokens for most of these calls. */
export type Effect = AnyEffect<RegionalClients, ScopedCall>;
