import { loadConfig } from '../../config/load.ts';
import { runCommand } from '../../sandbox/servers/run-command.ts';
import { median, spread } from '../stats.ts';
import { against, type Bench, type BenchContext, type BenchResult, measure } from '../types.ts';
import { callsSince, journalLength } from './calls.ts';
import { type CustodianTarget, sweepWithCustodian } from './custodian-sweep.ts';
import { CUSTODIAN_VERSION, custodian } from './custodian-venv.ts';
import { root, type ScaleEstate, startScaleEstate } from './estate.ts';

const INSTANCES = 1000;
/** The first of each is thrown away. */
const ROUNDS = 4;

interface Sample {
  readonly wallMs: number;
  readonly metricCalls: number;
  readonly awsCalls: number;
  readonly idle: readonly string[];
  /** Ours only: the sweep without the start of the process. */
  readonly sweepMs: number | null;
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
      const ours: Sample[] = [];
      const theirs: Sample[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await runOurs(context, estate, round));
        theirs.push(await runTheirs(target, round));
        context.log(`round ${round}: ours ${seconds(ours.at(-1))}, Custodian ${seconds(theirs.at(-1))}`);
      }
      return resultOf(estate, ours.slice(1), theirs.slice(1));
    } finally {
      await estate.stop();
    }
  },
};

async function runOurs({ env }: BenchContext, estate: ScaleEstate, round: number): Promise<Sample> {
  const from = await journalLength(estate.urls.aws);
  const script = ['--disable-warning=ExperimentalWarning', 'bench/sweep/idlewise-sweep.ts', estate.configFile];
  const started = performance.now();
  // A database of its own each time, so that nothing is remembered from the last round.
  const printed = await runCommand(process.execPath, [...script, `bench${round}`], { cwd: root, env, timeout: 600_000 });
  const wallMs = performance.now() - started;
  const { idle, sweepMs, scanned } = JSON.parse(printed) as { idle: string[]; sweepMs: number; scanned: number };
  if (scanned !== INSTANCES) throw new Error(`ours saw ${scanned} of ${INSTANCES} instances`);
  return { wallMs, sweepMs, idle, ...(await callsSince(estate.urls.aws, from)) };
}

async function runTheirs(target: CustodianTarget, round: number): Promise<Sample> {
  const from = await journalLength(target.endpoint);
  const started = performance.now();
  const idle = await sweepWithCustodian(target, round);
  return { wallMs: performance.now() - started, sweepMs: null, idle, ...(await callsSince(target.endpoint, from)) };
}

function resultOf(estate: ScaleEstate, ours: readonly Sample[], theirs: readonly Sample[]): BenchResult {
  const wall = (samples: readonly Sample[]) => samples.map((s) => s.wallMs / 1000);
  const calls = (samples: readonly Sample[]) => median(samples.map((s) => s.metricCalls));
  const faster = ours.map((s, i) => (theirs[i] as Sample).wallMs / s.wallMs);
  const share = calls(theirs) / calls(ours);
  const [a, b] = [new Set(ours.at(-1)?.idle), new Set(theirs.at(-1)?.idle)];
  const differing = [...a.symmetricDifference(b)];
  return {
    measures: [
      measure('ours, whole process (s)', spread(wall(ours), 2)),
      measure('ours, sweep alone (s)', spread(ours.map((s) => (s.sweepMs ?? 0) / 1000), 2)),
      measure('Custodian, whole process (s)', spread(wall(theirs), 2)),
      against('times faster', spread(faster), { text: '≥ 10', met: median(faster) >= 10 }),
      against('metric calls, ours : theirs', `${calls(ours)} : ${calls(theirs)} = 1/${share.toFixed(0)}`, {
        text: '≤ 1/100',
        met: share >= 100,
      }),
      measure('all AWS calls, ours : theirs', `${median(ours.map((s) => s.awsCalls))} : ${median(theirs.map((s) => s.awsCalls))}`),
      against('found idle, ours : theirs', `${a.size} : ${b.size}, ${differing.length} differ`, {
        text: 'the same ids',
        met: differing.length === 0,
      }),
      measure('seeding the instances in moto (s)', (estate.seedingMs / 1000).toFixed(0)),
    ],
    notes: [
      `MongoDB: ${estate.mongoKind}. Ours also reads the inventory, the posture of what it nominates, CMDB, costs and 33 days of the nominated, and writes all of it; Custodian reads only EC2 and CloudWatch.`,
      'AWS charges GetMetricData per metric, not per call: fewer calls save time and throttling, not the CloudWatch bill.',
      ...(differing.length > 0 ? [`differing: ${differing.slice(0, 10).join(', ')}`] : []),
    ],
    samples: { ours: ours.map(withoutIds), theirs: theirs.map(withoutIds), seedingMs: estate.seedingMs },
  };
}

function withoutIds(sample: Sample) {
  return { ...sample, idle: sample.idle.length };
}

function seconds(sample: Sample | undefined): string {
  return `${((sample?.wallMs ?? 0) / 1000).toFixed(1)} s`;
}
