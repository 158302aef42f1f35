import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRules } from '../../config/load-rules.ts';
import { evaluateAsset } from '../../domain/detection/evaluate.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { MetricSeries } from '../../schemas/metrics.ts';
import type { Rule } from '../../schemas/rules.ts';
import { factsOf } from '../detection/records.ts';
import { against, type Bench, type BenchResult, type Measure, measure } from '../types.ts';
import { readNab, readPlanetLab, type Trace } from './read.ts';

/** Where the traces are: `nab/` and `planetlab/`, each as its repository has them. */
const SETTING = 'IDLEWISE_TRACES';
/** As a sweep asks for it: the highest sample of each hour. */
const PERIOD = 3600;
const PER_DAY = 86_400 / PERIOD;
const DAYS = 33;
const END = '2026-05-22T12:00:00.000Z';
const IDLE_PERCENT = 1;
/** Where a single day of a trace is put into a month that is quiet otherwise, in days before its end. */
const DAYS_BACK = [0, 3, 9, 13, 20, 29];
/** Of the machines of the Numenta set, those that do nothing; the others never may be called idle. */
const NAB_IDLE = new Set(['24ae8d', '53ea38', 'c6585a']);

interface Tally {
  readonly machines: number;
  readonly idle: number;
  /** Called idle although a sample passes the rule's own ceiling. */
  readonly falseSafe: readonly string[];
}

/** Public traces of real machines through the shipped rules: nothing that works may be called idle. */
export const tracesBench: Bench = {
  name: 'traces',
  about: `verdicts on public traces (${SETTING}=<folder with nab/ and planetlab/>)`,
  async run({ env }) {
    const folder = env[SETTING];
    if (folder === undefined || folder === '')
      return { measures: [], notes: [`not run: ${SETTING} names no folder`], samples: null };
    const rules = (await loadRules()).rules.filter((r) => r.id === 'aws-ec2-instance-idle');
    const measures: Measure[] = [];
    if (await isFolder(join(folder, 'nab'))) measures.push(...(await nab(rules, join(folder, 'nab'))));
    if (await isFolder(join(folder, 'planetlab')))
      measures.push(...(await planetLab(rules, join(folder, 'planetlab'))));
    return result(measures);
  },
};

function result(measures: readonly Measure[]): BenchResult {
  const notes = [
    'The traces hold CPU only: the network of every machine is taken to be silent, which is the worst case.',
    `Shorter ones are repeated to ${DAYS} days, or put as one day into a month at ${IDLE_PERCENT} %.`,
  ];
  return { measures, notes, samples: measures };
}

async function nab(rules: readonly Rule[], folder: string): Promise<Measure[]> {
  const traces = await readNab(folder);
  const called = traces.filter((t) => isIdle(rules, repeated(t.values))).map((t) => t.name);
  const wrong = called.filter((name) => !NAB_IDLE.has(name));
  const measures = [
    against(`Numenta: called idle of ${traces.length} (${called.join(', ') || 'none'})`, String(called.length), {
      text: `only ${[...NAB_IDLE].join(', ')}`,
      met: wrong.length === 0,
    }),
  ];
  return measures;
}

async function planetLab(rules: readonly Rule[], folder: string): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const { day, traces } of await readPlanetLab(folder)) {
    const trap = traces.filter(({ mean, max }) => mean <= 10 && max >= 50);
    const every = tally(rules, traces, (t) => [repeated(t.values)]);
    const once = tally(rules, traces, (t) => DAYS_BACK.map((back) => inQuietMonth(t.values, back)));
    const safe = (t: Tally) =>
      against(`${t.idle} of ${t.machines} idle, false-safe`, String(t.falseSafe.length), {
        text: '0',
        met: t.falseSafe.length === 0,
      });
    measures.push(
      measure(`PlanetLab ${day}: mean ≤ 10 % and peak ≥ 50 %`, `${trap.length} of ${traces.length}`),
      named(`PlanetLab ${day}, every day`, safe(every)),
      named(`PlanetLab ${day}, one day of a month`, safe(once)),
    );
  }
  return measures;
}

const named = (what: string, m: Measure): Measure => ({ ...m, name: `${what}: ${m.name}` });

function tally(rules: readonly Rule[], traces: readonly Trace[], months: (t: Trace) => number[][]): Tally {
  const ceiling = rules.flatMap((r) => (r.check === 'instance-idle' ? r.thresholds.cpuMaxPercent : []))[0];
  const falseSafe: string[] = [];
  let idle = 0;
  for (const trace of traces) {
    const called = months(trace).some((values) => isIdle(rules, values));
    if (!called) continue;
    idle++;
    if (trace.max >= (ceiling ?? 0)) falseSafe.push(trace.name);
  }
  return { machines: traces.length, idle, falseSafe };
}

function isIdle(rules: readonly Rule[], values: readonly number[]): boolean {
  return evaluateAsset(rules, recordOf(values), END).some((v) => v.verdict === 'idle');
}

function repeated(values: readonly number[]): number[] {
  const length = DAYS * PER_DAY;
  return Array.from(
    { length },
    (_, i) => values[(((i - length) % values.length) + values.length) % values.length] ?? 0,
  );
}

function inQuietMonth(day: readonly number[], daysBack: number): number[] {
  const month = Array.from<number>({ length: DAYS * PER_DAY }).fill(IDLE_PERCENT);
  const at = month.length - (daysBack + 1) * PER_DAY;
  day.slice(0, PER_DAY).forEach((value, i) => {
    month[at + i] = value;
  });
  return month;
}

function recordOf(values: readonly number[]): AssetRecord {
  const start = new Date(Date.parse(END) - values.length * PERIOD * 1000).toISOString();
  const series = (metric: string, statistic: MetricSeries['statistic'], of: number[]): MetricSeries => ({
    metric,
    statistic,
    unit: 'None',
    start,
    periodSeconds: PERIOD,
    values: of,
  });
  const ref = {
    assetKey: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b2c3d4e5f60718',
    provider: 'aws' as const,
    accountId: '111122223333',
    region: 'us-east-1',
    resourceId: 'i-0a1b2c3d4e5f60718',
  };
  const createdAt = '2025-01-01T00:00:00.000Z';
  const silent = values.map(() => 0);
  return {
    asset: { ...ref, resourceType: 'AWS::EC2::Instance', name: 'trace', createdAt, tags: {} },
    facts: factsOf(ref, {}, createdAt),
    metrics: [
      series('CPUUtilization', 'Maximum', [...values]),
      series('NetworkIn', 'Sum', silent),
      series('NetworkOut', 'Sum', silent),
    ],
    cost: null,
    posture: null,
    cmdb: null,
    observedAt: END,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
}
