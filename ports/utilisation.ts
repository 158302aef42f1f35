import type { AssetRef } from '../schemas/asset.ts';
import type { MetricSeries } from '../schemas/metrics.ts';

export interface MetricRequest {
  readonly asset: AssetRef;
  readonly metric: string;
  readonly statistic: MetricSeries['statistic'];
}

export interface MetricWindow {
  readonly accountId: string;
  readonly region: string;
  /** Inclusive. */
  readonly start: string;
  /** Exclusive. */
  readonly end: string;
  readonly periodSeconds: number;
}

export interface MetricAnswer {
  /** By assetKey. An asset without data has series full of nulls; an asset the source refused is absent. */
  readonly series: ReadonlyMap<string, readonly MetricSeries[]>;
  /** assetKeys whose series came back forbidden, partial or failed, with the source's word for it. */
  readonly incomplete: ReadonlyMap<string, string>;
  /** Requests made, for the bench and the bill. */
  readonly requests: number;
}

/** Utilisation history in batches. Throws ProviderError. */
export interface UtilisationPort {
  readonly vendor: string;
  fetch(window: MetricWindow, requests: readonly MetricRequest[]): Promise<MetricAnswer>;
  check(): Promise<string>;
}
