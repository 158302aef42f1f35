import { z } from 'zod';

/** What is handed to somebody else's pipeline. Ids, words and digests; nothing that only Idlewise may know. */
export const Handover = z.object({
  version: z.literal(1),
  /** The same for every attempt, so that a receiver can tell a repeat. */
  handoverId: z.string(),
  /** `change`: approved, make it. `recommendation`: nobody has approved anything. */
  kind: z.enum(['change', 'recommendation']),
  /** `apply` and `complete` are the two phases of a destructive plan; `rollback` undoes the first. */
  step: z.enum(['apply', 'complete', 'rollback']),
  remediationId: z.string(),
  /** SHA-256 of the approved plan; null for a recommendation. */
  planDigest: z.string().nullable(),
  decisionId: z.string().nullable(),
  assetKey: z.string(),
  accountId: z.string(),
  region: z.string(),
  action: z.string(),
  parameters: z.record(z.string(), z.string()),
  /** Digest of the asset's state the plan was made for: the pipeline should refuse another. */
  stateDigest: z.string().nullable(),
  at: z.string(),
});
export type Handover = z.infer<typeof Handover>;

export const HandoverState = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type HandoverState = (typeof HandoverState)[number];

export interface HandoverStatus {
  readonly state: HandoverState;
  /** Where a person can look at the run. */
  readonly url: string | null;
}

/** A pipeline that makes changes, or takes recommendations. Throws ProviderError. */
export interface RoutingPort {
  readonly vendor: string;
  /** The run of an earlier attempt, or null: looked for before anything is sent again. */
  find(handoverId: string): Promise<HandoverStatus | null>;
  /** Starts the run. May start a second one when it is called twice: call `find` first. */
  send(handover: Handover): Promise<HandoverStatus>;
  check(): Promise<string>;
}
