import type { AssetCost } from '../schemas/cost.ts';
import type { RejectedRow } from './rows.ts';

export interface AccountCosts {
  readonly accountId: string;
  /** By resource id as the bill spells it (Azure ids in lower case); use `costKeys` of domain/cloud-ids to look an asset up. */
  readonly byResource: ReadonlyMap<string, AssetCost>;
  /** What cannot be believed, with the reason: negative, NaN, other currency, ten times yesterday, a row that cannot be read. */
  readonly rejected: readonly RejectedCost[];
  /** Daily amortised cost of the account, oldest first, 90 days. */
  readonly accountTrend: readonly { date: string; amount: string; currency: string }[];
  /** Billable or rate-limited requests made. Zero when it came from the cache. */
  readonly requests: number;
}

/** A row of a bill that was not believed, or a resource of which a row was not. It ends in the sweep's quarantine. */
export interface RejectedCost extends Partial<Pick<RejectedRow, 'field' | 'found' | 'fix'>> {
  /** As in `byResource`; a place in a file or `(rows)` where no resource is named. */
  readonly resourceId: string;
  /** What is wrong, in one sentence. `field`, `found` and `fix` where the source says more exactly. */
  readonly reason: string;
}

/** Spending that the platform itself did not expect. Amounts are decimal text. */
export interface CostAnomaly {
  readonly id: string;
  /** ISO-8601 UTC. */
  readonly detectedAt: string;
  readonly accountId: string;
  readonly service: string | null;
  /** Ids as the bill spells them; empty where the platform names no resource. */
  readonly resourceKeys: readonly string[];
  readonly amount: string;
  /** What the platform would have expected; null where it does not say. */
  readonly expected: string | null;
  readonly currency: string;
  /** The platform's own word, kept as it is. */
  readonly status: string;
}

/** Cost by resource for one account, one grouped query a day. Throws ProviderError. */
export interface CostPort {
  readonly vendor: string;
  accountCosts(query: { accountId: string; asOf: string }): Promise<AccountCosts>;
  /** Anomalies detected at or after `since` (ISO instant), newest first. Absent where the platform detects none. */
  anomalies?(query: { accountId: string; since: string }): Promise<readonly CostAnomaly[]>;
  /** One cheap read. @throws ProviderError naming the permission or setting that is missing */
  check(): Promise<string>;
}
