import type { AssetRef } from '../schemas/asset.ts';
import type { CloudFacts } from '../schemas/cloud-facts.ts';
import type { Plan } from '../schemas/option.ts';
import { ProviderError, ProviderErrorKind } from './errors.ts';
import type { RejectedRow } from './rows.ts';
import type { UtilisationPort } from './utilisation.ts';

/** What a cloud says of the assets that were asked for. An asset in neither part is gone. */
export interface Described {
  /** By asset key. */
  readonly facts: ReadonlyMap<string, CloudFacts>;
  /** What could not be read: of an asset (`assetKey`), or of what is around several. */
  readonly rejected: readonly RejectedRow[];
}

export function joinDescribed(answers: readonly Described[]): Described {
  return {
    facts: new Map(answers.flatMap((answer) => [...answer.facts])),
    rejected: answers.flatMap((answer) => answer.rejected),
  };
}

/** The facts of one asset; null when it is gone. @throws ProviderError malformed when it may only be unreadable */
export function factsIn({ facts, rejected }: Described, asset: AssetRef): CloudFacts | null {
  const found = facts.get(asset.assetKey);
  if (found !== undefined) return found;
  const why = rejected.find((row) => row.assetKey === asset.assetKey) ?? rejected[0];
  if (why === undefined) return null;
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: why.source ?? asset.provider,
    operation: why.operation ?? 'describe',
    message: `${asset.assetKey} could not be read: field ${why.field}: found ${why.found}; ${why.fix}`,
  });
}

/** Principals as the log names them: an ARN, a user name, an e-mail address, an object id. */
export interface AssetHistory {
  /** Null when the log no longer says. */
  readonly creator: string | null;
  /** Who set or removed a tag as far back as the log goes; null: it could not be read to its end. */
  readonly tagSetters: readonly string[] | null;
}

/** Reads the cloud under the read-only identity. Throws ProviderError. */
export interface CloudReader {
  readonly vendor: string;
  /** Fresh facts; a terminated instance may be among them or gone. Row by row: what cannot be read is named. Batched inside. */
  describe(assets: readonly AssetRef[]): Promise<Described>;
  /**
   * One asset with everything filled, also what costs a call each (protections, shutdown behaviour, group membership), which
   * `describe` leaves null. State digests are made from this. Null when the asset is gone.
   */
  describeOne(asset: AssetRef): Promise<CloudFacts | null>;
  /** Who did what to the asset, from the cloud's own log of its administration. */
  history(asset: AssetRef): Promise<AssetHistory>;
  check(): Promise<string>;
}

/** Callbacks that make every effect durable around the call. All must succeed or the call is not made. */
export interface EffectLog {
  /** True when an INTENT with this step was already written for this plan: a crash may have hidden the result. */
  hasIntent(step: string): Promise<boolean>;
  /** True when a RESULT with this step was written: an effect that no longer shows was undone by somebody else. */
  hasResult(step: string): Promise<boolean>;
  /** The detail that was written with the INTENT of this step, or null. Lets a rollback know what was there before. */
  intentDetail(step: string): Promise<Record<string, unknown> | null>;
  intent(step: string, detail: Record<string, unknown>): Promise<void>;
  result(step: string, detail: Record<string, unknown>): Promise<void>;
  credentialsIssued(detail: Record<string, unknown>): Promise<void>;
  /** Keeps the activity alive and carries progress; throws when the activity was cancelled. */
  heartbeat(progress: string): void;
  /** Throws when the kill switch was thrown since the last look. */
  assertNotKilled(): Promise<void>;
}

export interface ExecutorWaits {
  readonly pollMs: number;
  readonly transitionTimeoutMs: number;
  readonly snapshotTimeoutMs: number;
  /** How long a machine that was started again must have stayed up before it counts as started. */
  readonly settleMs: number;
}

export type ActionResult =
  | { readonly result: 'applied' | 'prepared' | 'already-satisfied' | 'gone'; readonly detail: Record<string, unknown> }
  | {
      readonly result: 'blocked-by-preflight' | 'blocked-by-drift' | 'rolled-back' | 'needs-human';
      readonly reasons: readonly string[];
      readonly detail: Record<string, unknown>;
    };

/** Who acts for what: becomes ExternalId, SourceIdentity, session name and session tags. */
export interface ExecutionIdentity {
  readonly decisionId: string;
  readonly remediationId: string;
  readonly planDigest: string;
}

/** Changes the cloud, one plan at a time, under credentials scoped to one action on one ARN. Throws ProviderError. */
export interface CloudExecutor {
  readonly vendor: string;
  /** Facts under the executor's own read permission: it trusts nobody else's. */
  describe(asset: AssetRef): Promise<CloudFacts | null>;
  /** Reason codes of every pre-flight check that fails or cannot be answered; empty means go. */
  preflight(plan: Plan, facts: CloudFacts): Promise<readonly string[]>;
  /** First or only phase. For two-phase plans: everything up to and including verified snapshots (`prepared`). */
  apply(plan: Plan, facts: CloudFacts, log: EffectLog, identity: ExecutionIdentity): Promise<ActionResult>;
  /** Second phase of a destructive plan, after the hold: re-verifies every snapshot, then destroys. */
  complete(plan: Plan, facts: CloudFacts | null, log: EffectLog, identity: ExecutionIdentity): Promise<ActionResult>;
  /** Undoes what `apply` did, where that exists. */
  rollback(plan: Plan, facts: CloudFacts | null, log: EffectLog, identity: ExecutionIdentity): Promise<ActionResult>;
}

/** One cloud under the rights of one role. */
export interface Cloud {
  readonly reader: CloudReader;
  readonly utilisation: UtilisationPort;
  executor(waits: ExecutorWaits): CloudExecutor;
}
