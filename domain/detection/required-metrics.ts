import type { ResourceType } from '../../schemas/resource-type.ts';
import type { Rule, RuleMetric } from '../../schemas/rules.ts';
import { rulesAbout } from './rules-by-type.ts';
import type { WindowName } from './types.ts';

export interface RequiredMetrics {
  /** How far back to ask: the nomination window, or all of the look-back. */
  readonly days: number;
  readonly metrics: readonly Pick<RuleMetric, 'metric' | 'statistic' | 'periodSeconds'>[];
}

/** What is known of an asset before its metrics are read. */
export interface Asked {
  readonly assetKey: string;
  /** Has accelerators. @default false: most machines have none, and asking costs. */
  readonly accelerated?: boolean;
}

/** What must be fetched before `rule` can be evaluated; with an asset, only what applies to it. */
export function requiredMetrics(rule: Rule, window: WindowName, asset?: Asked): RequiredMetrics {
  const applies = (m: RuleMetric): boolean =>
    asset === undefined ||
    ((m.onlyWhenKeyContains === null || asset.assetKey.includes(m.onlyWhenKeyContains)) &&
      (m.accelerator === undefined || asset.accelerated === true));
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
  asset: Asked & { readonly resourceType: ResourceType },
): RequiredMetrics {
  const metrics = new Map<string, RequiredMetrics['metrics'][number]>();
  let days = 0;
  for (const rule of rulesAbout(rules, asset.resourceType)) {
    const need = requiredMetrics(rule, window, asset);
    if (need.metrics.length > 0) days = Math.max(days, need.days);
    for (const m of need.metrics) metrics.set(`${m.metric}/${m.statistic}/${m.periodSeconds}`, m);
  }
  return { days, metrics: [...metrics.values()] };
}
