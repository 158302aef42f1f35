import type { AssetCost } from '../schemas/cost.ts';

export interface AccountCosts {
  readonly accountId: string;
  /** By resource id as the bill spells it (Azure ids in lower case); use `costKeys` to look an asset up. */
  readonly byResource: ReadonlyMap<string, AssetCost>;
  /** Rows that were quarantined, with the reason: negative, NaN, other currency, ten times yesterday. */
  readonly rejected: readonly { resourceId: string; reason: string }[];
  /** Daily amortised cost of the account, oldest first, 90 days. */
  readonly accountTrend: readonly { date: string; amount: string; currency: string }[];
  /** Billable or rate-limited requests made. Zero when it came from the cache. */
  readonly requests: number;
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

/**
 * One spelling of a resource id, however a bill writes it. Azure ids are the same in any case and real bills mix them;
 * every other id is left as it is. Adapters use it for the keys of `byResource`.
 */
export function billKey(resourceId: string): string {
  return /^\/subscriptions\//i.test(resourceId) ? resourceId.toLowerCase() : resourceId;
}

/** The ways a bill may spell one asset: id and ARN, Azure resource id, Google Cloud resource name. */
export function costKeys(asset: { assetKey: string; resourceId: string }): readonly string[] {
  return [...new Set([billKey(asset.resourceId), billKey(asset.assetKey)])];
}
