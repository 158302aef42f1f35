/** What one asset does in one hour, without looking at any other hour. */
export interface LoadShape {
  /** Highest CPU of the hour in per cent; null: no datapoint. */
  cpu(key: number, hour: number): number | null;
  /** Bytes of the hour in each direction; requests and disk operations follow from it. */
  bytes(key: number, hour: number): number | null;
}

export const MB = 1_000_000;

/** `share` in [0, 1) of the way from `low` to `high`. */
export const between = (share: number, low: number, high: number): number => low + (high - low) * share;

/** 0 = Sunday. The Unix epoch was a Thursday. */
export const weekday = (hour: number): number => (Math.floor(hour / 24) + 4) % 7;
