import type { AssetCost } from '../../schemas/cost.ts';

export interface AccountCosts {
  readonly accountId: string;
  /** By resource id as the bill spells it; use `costKeys` to look an asset up. */
  readonly byResource: ReadonlyMap<string, AssetCost>;
  /** Rows that were quarantined, with the reason: negative, NaN, other currency, ten times yesterday. */
  readonly rejected: readonly { resourceId: string; reason: string }[];
  /** Daily amortised cost of the account, oldest first, 90 days. */
  readonly accountTrend: readonly { date: string; amount: string; currency: string }[];
  /** Billable requests made. Zero when it came from the cache. */
  readonly requests: number;
}

/** Cost by resource for one account, one grouped query a day. Throws ProviderError. */
export interface CostPort {
  readonly vendor: string;
  accountCosts(query: { accountId: string; asOf: string }): Promise<AccountCosts>;
  check(): Promise<string>;
}

/** The ways a bill may spell one asset: id and ARN. */
export function costKeys(asset: { assetKey: string; resourceId: string }): readonly string[] {
  return [asset.resourceId, asset.assetKey];
}
