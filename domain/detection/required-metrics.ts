import type { ResourceType } from '../../schemas/resource-type.ts';
import type { Rule, RuleMetric } from '../../schemas/rules.ts';
import { rulesAbout } from './rules-by-type.ts';
import type { WindowName } from './types.ts';

export interface RequiredMetrics {
  /** How far back to ask: the nomination window, or all of the look-back. */
  readonly days: number;
  readonly metrics: readonly Pick<RuleMetric, 'metric' | 'statistic' | 'periodSeconds'>[];
}

/** What must be fetched before `rule` can be evaluated; with an asset key, only what applies to that asset. */
export function requiredMetrics(rule: Rule, window: WindowName, assetKey?: string): RequiredMetrics {
  const applies = (m: RuleMetric): boolean =>
    assetKey === undefined || m.onlyWhenKeyContains === null || assetKey.includes(m.onlyWhenKeyContains);
  return {
    days: window === 'nomination' ? rule.windows.nominationDays : rule.windows.lookbackDays,
    metrics: rule.metrics
      .filter(applies)
      .map(({ metric, statistic, periodSeconds }) => ({ metric, statistic, periodSeconds })),
  };
}

/** The same for several rules at once, without duplicates, over the longest of their windows. */
export function requiredForAll(
  rules: readonly Rule[],
  window: WindowName,
  asset: { readonly resourceType: ResourceType; readonly assetKey: string },
): RequiredMetrics {
  const metrics = new Map<string, RequiredMetrics['metrics'][number]>();
  let days = 0;
  for (const rule of rulesAbout(rules, asset.resourceType)) {
    const need = requiredMetrics(rule, window, asset.assetKey);
    if (need.metrics.length > 0) days = Math.max(days, need.days);
    for (const m of need.metrics) metrics.set(`${m.metric}/${m.statistic}/${m.periodSeconds}`, m);
  }
  return { days, metrics: [...metrics.values()] };
}
