import { loadConfig } from '../../config/load.ts';
import { runCommand } from '../../sandbox/servers/run-command.ts';
import { median, spread } from '../stats.ts';
import { against, type Bench, type BenchContext, type BenchResult, type Measure, measure } from '../types.ts';
import { callsSince, journalLength } from './calls.ts';
import { type CustodianTarget, sweepWithCustodian } from './custodian-sweep.ts';
import { CUSTODIAN_VERSION, custodian } from './custodian-venv.ts';
import { root, type ScaleEstate, startScaleEstate } from './estate.ts';

const INSTANCES = 1000;
/** The first round of each is thrown away. */
const CONDITIONS = [
  { delayMs: 0, rounds: 4, words: 'endpoints on loopback answer at once' },
  { delayMs: 80, rounds: 3, words: 'every vendor answers 80 ms later, as over a network' },
] as const;

interface Sample {
  readonly wallMs: number;
  readonly metricCalls: number;
  readonly awsCalls: number;
  readonly idle: readonly string[];
  /** Ours only: without the start of the process, and how long each source was waited for, milliseconds. */
  readonly sweepMs: number | null;
  readonly waits: Readonly<Record<string, number>>;
}

interface Comparison {
  readonly words: string;
  readonly ours: Sample[];
  readonly theirs: Sample[];
}

export const sweepBench: Bench = {
  name: 'sweep',
  about: `a sweep of ${INSTANCES} instances, beside Cloud Custodian ${CUSTODIAN_VERSION} on the same endpoint`,
  async run(context) {
    const command = await custodian(context.log, context.env);
    const estate = await startScaleEstate(context, INSTANCES);
    try {
      const account = (await loadConfig(estate.configFile)).accounts[0];
      if (!account) throw new Error('the configuration has no account');
      const region = account.regions[0] as string;
      const { folder, env } = context;
      const target = { command, folder, env, endpoint: estate.urls.aws, accountId: account.accountId, region };
      const comparisons: Comparison[] = [];
      for (const { delayMs, rounds, words } of CONDITIONS) {
        await estate.delay(delayMs);
        const samples: Comparison = { words, ours: [], theirs: [] };
        for (let round = 0; round < rounds; round++) {
          samples.ours.push(await runOurs(context, estate, `${delayMs}-${round}`));
          samples.theirs.push(await runTheirs(target, `${delayMs}-${round}`));
          context.log(`${words}: ours ${seconds(samples.ours.at(-1))}, Custodian ${seconds(samples.theirs.at(-1))}`);
        }
        comparisons.push({ words, ours: samples.ours.slice(1), theirs: samples.theirs.slice(1) });
      }
      return resultOf(estate, comparisons);
    } finally {
      await estate.stop();
    }
  },
};

async function runOurs({ env }: BenchContext, estate: ScaleEstate, round: string): Promise<Sample> {
  const from = await journalLength(estate.urls.aws);
  const script = ['--disable-warning=ExperimentalWarning', 'bench/sweep/idlewise-sweep.ts', estate.configFile];
  const started = performance.now();
  // A database of its own each time, so that nothing is remembered from the last round.
  const printed = await runCommand(process.execPath, [...script, `bench${round}`], {
    cwd: root,
    env,
    timeout: 600_000,
  });
  const wallMs = performance.now() - started;
  const { scanned, ...ours } = JSON.parse(printed) as Pick<Sample, 'idle' | 'sweepMs' | 'waits'> & { scanned: number };
  if (scanned < INSTANCES) throw new Error(`ours saw ${scanned} of ${INSTANCES} instances`);
  return { wallMs, ...ours, ...(await callsSince(estate.urls.aws, from)) };
}

async function runTheirs(target: CustodianTarget, round: string): Promise<Sample> {
  const from = await journalLength(target.endpoint);
  const started = performance.now();
  const idle = await sweepWithCustodian(target, round);
  return {
    wallMs: performance.now() - started,
    sweepMs: null,
    waits: {},
    idle,
    ...(await callsSince(target.endpoint, from)),
  };
}

function resultOf(estate: ScaleEstate, comparisons: readonly Comparison[]): BenchResult {
  const all = { ours: comparisons.flatMap((c) => c.ours), theirs: comparisons.flatMap((c) => c.theirs) };
  const calls = (samples: readonly Sample[], kind: 'metricCalls' | 'awsCalls') => median(samples.map((s) => s[kind]));
  const share = calls(all.theirs, 'metricCalls') / calls(all.ours, 'metricCalls');
  const [a, b] = [new Set(all.ours.at(-1)?.idle), new Set(all.theirs.at(-1)?.idle)];
  const differing = [...a.symmetricDifference(b)];
  return {
    measures: [
      ...comparisons.flatMap(times),
      against(
        'metric calls, ours : Custodian',
        `${calls(all.ours, 'metricCalls')} : ${calls(all.theirs, 'metricCalls')} = 1/${share.toFixed(0)}`,
        { text: '≤ 1/100', met: share >= 100 },
      ),
      measure('all AWS calls, ours : Custodian', `${calls(all.ours, 'awsCalls')} : ${calls(all.theirs, 'awsCalls')}`),
      against('found idle, ours : Custodian', `${a.size} : ${b.size}, ${differing.length} differ`, {
        text: 'the same ids',
        met: differing.length === 0,
      }),
      measure('seeding the instances in moto (s)', (estate.seedingMs / 1000).toFixed(0)),
    ],
    notes: [
      `MongoDB: ${estate.mongoKind}. Ours also reads volumes, costs, CMDB and the posture and 33 days of what it nominates, and stores all of it; Custodian reads EC2 and CloudWatch only.`,
      'AWS charges GetMetricData per metric, not per call: fewer calls save time and throttling, not the CloudWatch bill.',
      ...(differing.length > 0 ? [`differing: ${differing.slice(0, 10).join(', ')}`] : []),
    ],
    samples: comparisons.map((c) => ({ ...c, ours: c.ours.map(withoutIds), theirs: c.theirs.map(withoutIds) })),
  };
}

function times({ words, ours, theirs }: Comparison): Measure[] {
  const wall = (samples: readonly Sample[]) => spread(samples.map((s) => s.wallMs / 1000));
  const faster = ours.map((s, i) => (theirs[i] as Sample).wallMs / s.wallMs);
  const sources = Object.keys(ours[0]?.waits ?? {});
  const waited = sources.map((name) => `${name} ${(median(ours.map((s) => s.waits[name] ?? 0)) / 1000).toFixed(1)}`);
  return [
    measure(words, ''),
    measure('  ours, whole process (s)', wall(ours)),
    measure('  Custodian, whole process (s)', wall(theirs)),
    against('  times faster', spread(faster), { text: '≥ 10', met: median(faster) >= 10 }),
    measure('  ours waited for, overlapping (s)', waited.join(', ')),
  ];
}

function withoutIds(sample: Sample) {
  return { ...sample, idle: sample.idle.length };
}

function seconds(sample: Sample | undefined): string {
  return `${((sample?.wallMs ?? 0) / 1000).toFixed(1)} s`;
}
