import type { DirectoryPerson } from '../ports/directory.ts';
import type { Actor, ApprovalRequest, Decision, DecisionAnswer } from '../schemas/decision.ts';
import type { ActionName } from '../schemas/option.ts';
import type { Refusal } from './refusals.ts';

/** What people decide through. A policy decides too, but it is asked by nobody. */
export type Channel = Exclude<Actor['via'], 'policy'>;

/** What somebody said about one request. Nothing in it is believed until the records agree. */
export type Answer =
  | {
      readonly kind: 'approve';
      readonly approvalId: string;
      readonly optionId: ActionName;
      /** The first digits of the digest of the plan the person saw. */
      readonly digest: string;
    }
  /** Without a reason the person is asked for one. */
  | { readonly kind: 'reject'; readonly approvalId: string; readonly reason: string | null }
  /** Until an ISO-8601 instant in the future. */
  | { readonly kind: 'snooze'; readonly approvalId: string; readonly until: string }
  /** Calls off what was approved, as long as nothing was destroyed. */
  | { readonly kind: 'withdraw'; readonly approvalId: string };

/** One request to decide, as an adapter has read it. Who it is and whether they may is asked through it, once. */
export interface DecisionRequest {
  readonly channel: Channel;
  /** Null when it is none of our answers. */
  readonly answer: Answer | null;
  /** Account in the channel, e.g. the Slack user id. */
  readonly externalId: string;
  /** Digest of the request as it came in: names it in the trail, the same for every copy of it. */
  readonly requestHash: string;
  /** Where it came from, as the trail shall name it, e.g. `{ teamId }`. */
  readonly origin: Readonly<Record<string, unknown>>;
  /** Why the adapter itself will not have it, such as another workspace; null when it is fine. */
  readonly problem: Refusal | null;
  /** Who this is, asked anew each time, and mapped to one person of the directory. */
  identify(): Promise<DirectoryPerson | Refusal>;
  /** Whether the channel itself lets this account approve. The policy is asked afterwards in any case. */
  mayApprove(): Promise<true | Refusal>;
}

/** How the workflow was told: by Update, with its answer, or by Signal, which waits for a worker. */
export interface Delivered {
  readonly via: 'update' | 'signal';
  readonly answer: DecisionAnswer | null;
}

/** Tells the workflow; idempotent by decision id. Called only with a decision that is in the trail and in the records. */
export type Deliver = (decision: Decision) => Promise<Delivered>;

export type Known = { readonly approval: ApprovalRequest | null; readonly person: DirectoryPerson | null };
export type Refused = Refusal & Known;

export type DecisionResult =
  /** In the trail and in the records. `delivered` is null while the workflow could not be told; that is tried again. */
  | {
      readonly kind: 'recorded';
      readonly decision: Decision;
      readonly approval: ApprovalRequest;
      readonly decisions: readonly Decision[];
      readonly delivered: Delivered | null;
    }
  /** In the trail, and not in the records yet: it counts as soon as they answer. */
  | { readonly kind: 'pending'; readonly decision: Decision }
  /** Said before: nothing to record, nothing to refuse. */
  | { readonly kind: 'repeated'; readonly decision: Decision }
  /** A rejection needs a reason, and this person may give one. */
  | ({ readonly kind: 'reason-missing' } & Known)
  /** A value that is no answer, e.g. a reason of two characters. */
  | { readonly kind: 'invalid'; readonly field: 'reason' | 'until'; readonly problem: string }
  | ({ readonly kind: 'refused' } & Refused);

export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
