import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startTemporalServer } from '../../sandbox/servers/start-temporal.ts';
import { cpuSecondsOfGroup } from '../machine.ts';
import { median, spread } from '../stats.ts';
import { against, type Bench, type BenchResult, measure } from '../types.ts';
import { createDriver, type Kind } from './driver.ts';
import { type Histories, readHistories } from './histories.ts';
import { scriptedActivities } from './scripted-activities.ts';

const QUEUE = 'bench';
const CONCURRENCY = 40;
const BATCH = 40;
/** Pairs of batches; the first is thrown away. */
const ROUNDS = 17;
/** On a busy machine fewer pairs have to do. */
const LONGEST_MS = 180_000;
const HISTORIES = 20;

interface Sample {
  readonly runsPerSecond: number;
  /** CPU milliseconds per run of this process (worker and client) and of the server; null where it cannot be read. */
  readonly ourCpuMs: number;
  readonly serverCpuMs: number | null;
}

export const runsBench: Bench = {
  name: 'runs',
  about: 'remediation runs per second, beside an empty workflow of the same shape',
  async run({ folder, log }) {
    const quiet = new DefaultLogger('ERROR', () => undefined);
    Runtime.install({ logger: quiet, telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
    const server = await startTemporalServer({
      log,
      logDir: folder,
      dbFile: join(folder, 'temporal.db'),
      uiPort: null,
    });
    const connection = await Connection.connect({ address: server.address });
    const native = await NativeConnection.connect({ address: server.address });
    const client = new Client({ connection });
    const driver = createDriver({ client, queue: QUEUE, concurrency: CONCURRENCY });
    const worker = await Worker.create({
      connection: native,
      taskQueue: QUEUE,
      workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
      activities: scriptedActivities(driver.onAsked),
      maxCachedWorkflows: 400,
      workflowTaskPollerBehavior: { type: 'autoscaling' },
      activityTaskPollerBehavior: { type: 'autoscaling' },
      shutdownGraceTime: 10,
    });
    const running = worker.run();
    const samples: Record<Kind, Sample[]> = { remediateAsset: [], sameShape: [] };
    const ids: Record<Kind, string[]> = { remediateAsset: [], sameShape: [] };
    const take = async (kind: Kind) => {
      const cpu = process.cpuUsage();
      const serverCpu = serverSeconds(server.process?.pid);
      const batch = await driver.batch(kind, BATCH);
      const { user, system } = process.cpuUsage(cpu);
      const serverAfter = serverSeconds(server.process?.pid);
      ids[kind] = batch.ids;
      samples[kind].push({
        runsPerSecond: (BATCH / batch.ms) * 1000,
        ourCpuMs: (user + system) / 1000 / BATCH,
        serverCpuMs: serverCpu === null || serverAfter === null ? null : ((serverAfter - serverCpu) * 1000) / BATCH,
      });
    };
    const deadline = Date.now() + LONGEST_MS;
    try {
      for (let round = 0; round < ROUNDS && Date.now() < deadline; round++) {
        // Whoever goes second meets a slightly larger database: take turns.
        const order: Kind[] = round % 2 === 0 ? ['remediateAsset', 'sameShape'] : ['sameShape', 'remediateAsset'];
        for (const kind of order) await take(kind);
      }
      const ours = await readHistories(client, ids.remediateAsset.slice(0, HISTORIES));
      const empty = await readHistories(client, ids.sameShape.slice(0, HISTORIES));
      return resultOf({ ours: samples.remediateAsset.slice(1), empty: samples.sameShape.slice(1) }, { ours, empty });
    } finally {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
      await server.process?.kill();
    }
  },
};

function serverSeconds(group: number | undefined): number | null {
  if (group === undefined) return null;
  try {
    return cpuSecondsOfGroup(
      group,
      readdirSync('/proc').filter((name) => /^\d+$/.test(name)),
    );
  } catch {
    return null;
  }
}

function resultOf(
  samples: { ours: readonly Sample[]; empty: readonly Sample[] },
  histories: { ours: Histories; empty: Histories },
): BenchResult {
  const ratios = samples.ours.map((s, i) => s.runsPerSecond / (samples.empty[i] as Sample).runsPerSecond);
  const cpu = (of: readonly Sample[]) => median(of.map((s) => s.ourCpuMs));
  const serverCpu = (of: readonly Sample[]) => median(of.map((s) => s.serverCpuMs ?? Number.NaN));
  const { ours, empty } = histories;
  const cost = (of: readonly Sample[]) => cpu(of) + serverCpu(of);
  const sameShape = ours.shape === empty.shape;
  return {
    measures: [
      measure('ours (runs/s)', spread(samples.ours.map((s) => s.runsPerSecond))),
      measure('the empty shape (runs/s)', spread(samples.empty.map((s) => s.runsPerSecond))),
      against('ratio, pair by pair', spread(ratios, 2), { text: '≥ 0.9', met: median(ratios) >= 0.9 }),
      measure('ratio by CPU spent, worker and server', (cost(samples.empty) / cost(samples.ours)).toFixed(2)),
      measure(
        'CPU of worker and client per run (ms), ours : empty',
        `${cpu(samples.ours).toFixed(1)} : ${cpu(samples.empty).toFixed(1)}`,
      ),
      measure(
        'CPU of the server per run (ms), ours : empty',
        `${serverCpu(samples.ours).toFixed(1)} : ${serverCpu(samples.empty).toFixed(1)}`,
      ),
      against('events per run', spread(ours.events, 0), { text: '≤ 70', met: Math.max(...ours.events) <= 70 }),
      against('history bytes per run', spread(ours.bytes, 0), {
        text: '≤ 24,576',
        met: Math.max(...ours.bytes) <= 24_576,
      }),
      against('the empty shape: events, bytes', `${spread(empty.events, 0)}, ${spread(empty.bytes, 0)}`, {
        text: 'the same kinds of events',
        met: sameShape,
      }),
    ],
    notes: [
      `${ratios.length} pairs of batches. Development server with a WAL file, ${CONCURRENCY} runs at a time, ${BATCH} per batch, one worker with everything; activities answer at once, so this is orchestration alone.`,
      ...(sameShape ? [] : [`ours: ${ours.shape}`, `empty: ${empty.shape}`]),
    ],
    samples: { ...samples, histories },
  };
}
