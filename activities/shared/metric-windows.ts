import { hasAccelerators } from '../../domain/detection/accelerators.ts';
import { requiredForAll } from '../../domain/detection/required-metrics.ts';
import type { WindowName } from '../../domain/detection/types.ts';
import type { MetricRequest, UtilisationPort } from '../../ports/utilisation.ts';
import type { AssetRef } from '../../schemas/asset.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { MetricSeries } from '../../schemas/metrics.ts';
import type { Rule } from '../../schemas/rules.ts';

const DAY_SECONDS = 86_400;

export interface MetricHistory {
  readonly series: ReadonlyMap<string, readonly MetricSeries[]>;
  readonly incomplete: ReadonlyMap<string, string>;
}

/**
 * Fetches what the rules need to know of these assets, which share one account and region, in as few requests as there
 * are distinct windows. Windows end at the last full period, so that a half-filled one is never taken for silence.
 */
export async function metricHistory(
  utilisation: UtilisationPort,
  assets: readonly AssetRef[],
  question: {
    rules: readonly Rule[];
    window: WindowName;
    now: Date;
    /** What the cloud says of an asset, where it has been asked already. */
    factsOf?: (assetKey: string) => CloudFacts | null;
  },
): Promise<MetricHistory> {
  const groups = new Map<string, { days: number; periodSeconds: number; requests: MetricRequest[] }>();
  for (const asset of assets) {
    const facts = question.factsOf?.(asset.assetKey) ?? null;
    const accelerated = facts !== null && hasAccelerators(facts, []);
    const need = requiredForAll(question.rules, question.window, { ...asset, accelerated });
    for (const { metric, statistic, periodSeconds } of need.metrics) {
      const key = `${need.days}/${periodSeconds}`;
      const group = groups.get(key) ?? { days: need.days, periodSeconds, requests: [] };
      group.requests.push({ asset, metric, statistic });
      groups.set(key, group);
    }
  }
  const series = new Map<string, MetricSeries[]>();
  const incomplete = new Map<string, string>();
  const place = assets[0];
  for (const { days, periodSeconds, requests } of groups.values()) {
    if (!place) break;
    const endSeconds = Math.floor(question.now.getTime() / 1000 / periodSeconds) * periodSeconds;
    const answer = await utilisation.fetch(
      {
        accountId: place.accountId,
        region: place.region,
        periodSeconds,
        start: iso(endSeconds - days * DAY_SECONDS),
        end: iso(endSeconds),
      },
      requests,
    );
    for (const [key, value] of answer.series) series.set(key, [...(series.get(key) ?? []), ...value]);
    for (const [key, why] of answer.incomplete) incomplete.set(key, why);
  }
  return { series, incomplete };
}

function iso(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString();
}
