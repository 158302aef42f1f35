import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../../../schemas/detection.ts';
import type { Rule } from '../../../../schemas/rules.ts';
import { hourly, NOW, recordOf } from '../fixtures.ts';

/** One value for every hour, or one for the hour that is so many hours before the end. */
export type Values = number | null | ((hoursBack: number) => number | null);

/** What is changed on the asset the rule calls idle, and the reason the verdict must then give. */
export interface Change {
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, string | number | boolean | null>>;
  readonly series?: Readonly<Record<string, Values>>;
  /** A series that is not there at all. */
  readonly without?: string;
  readonly because: string;
}

/** One shipped rule: an asset it calls idle, and what makes it say otherwise. */
export interface RuleCase {
  readonly facts: CloudFacts;
  /** By metric. Statistic and period are the rule's. */
  readonly series?: Readonly<Record<string, Values>>;
  /** Each makes the verdict `active`, or says that the rule is about another state. */
  readonly busy: readonly Change[];
  /** Each makes it `undetermined`, beside what is left out of every rule in turn. */
  readonly unsure?: readonly Change[];
  /** The rule reads silence: a series that is not there is then no doubt of its own. */
  readonly silence?: boolean;
}

/** The record of a case, with whatever was changed. `days` of history; all of the look-back when not given. */
export function recordFor(
  rule: Rule,
  example: RuleCase,
  change: Partial<Change> & { days?: number } = {},
): AssetRecord {
  const facts = { ...example.facts, ...change.facts } as CloudFacts;
  if (facts.kind === 'resource') facts.attributes = { ...facts.attributes, ...change.attributes };
  const series = { ...example.series, ...change.series };
  const days = change.days ?? rule.windows.lookbackDays;
  const count = days * 24;
  const metrics = rule.metrics
    .filter(({ metric }) => metric in series && metric !== change.without)
    .map(({ metric, statistic }) => {
      const values = series[metric] as Values;
      const value = (i: number): number | null => (typeof values === 'function' ? values(count - i) : values);
      return hourly(metric, value, { statistic, days });
    });
  return recordOf(facts, { metrics });
}

/** The record as if the asset had been made so many days before now, to the second. */
export function aged(record: AssetRecord, days: number, lessSeconds = 0): AssetRecord {
  const created = Date.parse(NOW) - days * 86_400_000 + lessSeconds * 1000;
  return { ...record, asset: { ...record.asset, createdAt: new Date(created).toISOString() } };
}
