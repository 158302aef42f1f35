import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, spread } from '../stats.ts';
import { type Bench, type BenchContext, measure } from '../types.ts';

const ROUNDS = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 180_000;

export const startupBench: Bench = {
  name: 'startup',
  about: 'from `npm start` to "Idlewise is up", with no state and with the last run\'s',
  async run(context) {
    const cold: number[] = [];
    const warm: number[] = [];
    const stop: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const state = join(context.folder, `state-${round}`);
      for (const times of [cold, warm]) {
        const { upMs, downMs } = await startAndStop(context, state);
        times.push(upMs / 1000);
        stop.push(downMs / 1000);
      }
      context.log(`round ${round}: cold ${cold.at(-1)?.toFixed(1)} s, warm ${warm.at(-1)?.toFixed(1)} s`);
    }
    return {
      measures: [
        measure('cold: no state, servers in the cache (s)', spread(cold)),
        measure('warm: the state of the last run (s)', spread(warm)),
        measure('cold ÷ warm', (median(cold) / median(warm)).toFixed(2)),
        measure('until everything is down again (s)', spread(stop)),
      ],
      notes: ['Cold includes seeding the labelled estate; warm includes bringing it back and replaying open runs.'],
      samples: { cold, warm, stop },
    };
  },
};

/** One `npm start` with its own state folder, ended as a service manager would end it. */
async function startAndStop({ env }: BenchContext, stateDir: string): Promise<{ upMs: number; downMs: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin', 'start.mjs'), '--state', stateDir], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let printed = '';
  const up = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not up within ${PATIENCE_MS} ms: ${printed.slice(-500)}`)),
      PATIENCE_MS,
    );
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (!printed.includes('Idlewise is up')) return;
      clearTimeout(timer);
      resolve(performance.now() - started);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`ended before it was up: ${printed.slice(-500)}`)));
  });
  try {
    const upMs = await up;
    const before = performance.now();
    child.kill('SIGTERM');
    await ended;
    return { upMs, downMs: performance.now() - before };
  } catch (error) {
    child.kill('SIGTERM');
    await ended;
    throw error;
  }
}
