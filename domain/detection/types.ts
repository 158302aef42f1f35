import type { AssetRecord } from '../../schemas/detection.ts';
import type { Rule } from '../../schemas/rules.ts';
import type { ConditionAnswer } from './attribute-value.ts';

/** Figures of one series over the last `days` of it. Bytes, counts or percent, as the series has them. */
export interface WindowStats {
  readonly days: number;
  readonly expected: number;
  readonly observed: number;
  /** observed ÷ expected, 0–1. */
  readonly ratio: number;
  readonly mean: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly sum: number;
  /** Highest and p95 sum over the 24-hour blocks counted back from the window's end. */
  readonly maxDaySum: number;
  readonly p95DaySum: number;
  readonly longestGapHours: number;
  readonly trailingGapHours: number;
}

/** One series, boiled down once so that rule checks are arithmetic. */
export interface SeriesSummary {
  /** NaN, infinite or negative samples: the source cannot be trusted. They count as missing. */
  readonly invalid: number;
  /** The source names a unit that the rule's cannot be made of: no sample counts. */
  readonly unitRefused: boolean;
  /** Days before the end that were asked for, whether anything was there or not; 0 when the series stops before the end. */
  readonly askedDays: number;
  /** Days before the end without a single sample. */
  readonly silentDays: number;
  /** First sample lies after the start of the confidence window: history is too short. */
  readonly startsLate: boolean;
  readonly nomination: WindowStats;
  readonly confidence: WindowStats;
  readonly extended: WindowStats;
  /** Everything that was fetched. Only ever speaks against idleness, or for having seen a month's turn. */
  readonly lookback: WindowStats;
  /** Median sample of all that was fetched: what the asset does when it does nothing special. */
  readonly median: number;
  /** Highest sample of each UTC calendar day, oldest first; -1 for a day without samples. */
  readonly dayPeaks: Float64Array;
  /** UTC days since 1970-01-01 of `dayPeaks[0]`. */
  readonly firstDay: number;
}

/** What is true of the asset whichever rule looks at it. Ages in days; -1 is unknown. */
export interface Subject {
  readonly record: AssetRecord;
  readonly ageDays: number;
  readonly recordAgeHours: number;
  /** When the windows end, epoch seconds. */
  readonly endEpoch: number;
  readonly exclusions: readonly string[];
  /** Reason codes that cap confidence: a source that did not answer. */
  readonly unknowns: readonly string[];
}

/** One series about the use of an accelerator, in per cent. */
export interface AcceleratorSummary {
  readonly metric: string;
  /** A low value of a mean over an hour proves nothing; a high one does. */
  readonly showsPeaks: boolean;
  readonly summary: SeriesSummary;
}

/** One rule with the summaries of the series it reads, in the order of `rule.metrics`; null: no such series. */
export interface Prepared<R extends Rule = Rule> {
  readonly rule: R;
  readonly subject: Subject;
  readonly series: readonly (SeriesSummary | null)[];
  /** Of accelerators, whatever the series are called; empty for rules that do not ask. */
  readonly accelerators: readonly AcceleratorSummary[];
  /** What the configuration says to each condition of the rule, in their order; empty for rules without any. */
  readonly answers: readonly ConditionAnswer[];
}

export type WindowName = 'nomination' | 'confidence';
