import type { MetricSeries } from '../../schemas/metrics.ts';
import type { RuleMetric } from '../../schemas/rules.ts';

/** What sources write when they name no unit: the values are then what the metric is documented to be. */
const UNSAID: ReadonlySet<string> = new Set(['', 'none', 'null', 'unspecified', 'unknown']);

/** Shares of a whole. `1` and `10^2.%` are UCUM's words for a fraction, which Cloud Monitoring uses. */
const PERCENT: Readonly<Record<string, number>> = {
  percent: 1,
  percentage: 1,
  pct: 1,
  '%': 1,
  fraction: 100,
  ratio: 100,
  '1': 100,
  '10^2.%': 100,
  permille: 0.1,
  '‰': 0.1,
};

/** Kilo is taken as 1024, whatever the source means: too much traffic, never too little. */
const SCALE: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };
const AMOUNT = /^(?<scale>kilo|mega|giga|tera|peta|[kmgtp]i?)?(?<what>bytes?|by|b|bits?)$/;
const COUNT = /^(1|counts?|\{[^}]*\}|requests?|connections?|flows?|operations?|ops|packets?|transactions?)$/;
const RATE = /^(?<amount>.+?)(?:\/|per)(?<period>s|secs?|seconds?|min|minutes?|h|hours?)$/;

/**
 * What a value in the unit `said` has to be multiplied by to be in the one a rule reads; null when the two do not
 * measure the same thing. Units are CloudWatch's, Azure Monitor's and UCUM's, compared without case and spaces.
 */
export function unitFactor(said: string, wanted: RuleMetric['unit']): number | null {
  const unit = said.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
  if (UNSAID.has(unit)) return 1;
  switch (wanted) {
    case 'Percent':
      return Object.hasOwn(PERCENT, unit) ? (PERCENT[unit] ?? null) : null;
    case 'Bytes':
      return bytesOf(unit);
    case 'Count':
      return COUNT.test(unit) ? 1 : null;
    case 'Bytes/Second':
      return rateOf(unit, bytesOf);
    case 'Count/Second':
      return rateOf(unit, (amount) => (COUNT.test(amount) ? 1 : null));
  }
}

function bytesOf(unit: string): number | null {
  const parts = AMOUNT.exec(unit)?.groups;
  if (parts === undefined) return null;
  const scale = SCALE[parts['scale']?.slice(0, 1) ?? ''] ?? 1;
  return parts['what']?.startsWith('bit') ? scale / 8 : scale;
}

function rateOf(unit: string, amountOf: (amount: string) => number | null): number | null {
  const parts = RATE.exec(unit.replace(/^([kmgt]?i?b)ps$/, '$1/s').replace(/^iops$/, 'ops/s'))?.groups;
  const amount = parts === undefined ? null : amountOf(parts['amount'] ?? '');
  if (parts === undefined || amount === null) return null;
  const period = parts['period'] ?? '';
  return amount / (period.startsWith('s') ? 1 : period.startsWith('m') ? 60 : 3600);
}

/**
 * The series as the rule reads it: in the rule's unit, and what is used where the source says what is left of 100 per cent.
 * One in a unit that cannot be converted has no usable sample left: NaN. More than 100 left becomes negative, and so invalid.
 */
export function asRead(series: MetricSeries, { unit, invert }: Pick<RuleMetric, 'unit' | 'invert'>): MetricSeries {
  const factor = unitFactor(series.unit, unit);
  if (factor === 1 && !invert) return series;
  const convert = (v: number | null): number | null => {
    if (v === null) return null;
    const converted = factor === null ? Number.NaN : v * factor;
    return invert ? 100 - converted : converted;
  };
  return { ...series, unit: factor === null ? series.unit : unit, values: series.values.map(convert) };
}
