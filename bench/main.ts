import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { detectionBench } from './detection/index.ts';
import { latencyBench } from './latency/index.ts';
import { loadLine, machineLine } from './machine.ts';
import { runsBench } from './runs/index.ts';
import { startupBench } from './startup/index.ts';
import { sweepBench } from './sweep/index.ts';
import { tracesBench } from './traces/index.ts';
import { tableOf } from './table.ts';
import type { Bench, BenchResult } from './types.ts';

/** `npm run bench [-- <name> …]`: measures, prints a table, writes bench/results/latest.json. */
const BENCHES: readonly Bench[] = [detectionBench, sweepBench, runsBench, latencyBench, startupBench, tracesBench];
const RESULTS = fileURLToPath(new URL('./results/latest.json', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !BENCHES.some((b) => b.name === name));
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) say(`no bench named ${unknown.join(', ')}`);
  say('Usage: npm run bench [-- <name> …]\n');
  for (const bench of BENCHES) say(`  ${bench.name.padEnd(10)} ${bench.about}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const chosen = BENCHES.filter((b) => positionals.length === 0 || positionals.includes(b.name));
const report: Record<string, unknown> = { at: new Date().toISOString(), machine: machineLine(), benches: {} };
say(`${machineLine()}\n`);
let failed = 0;
for (const bench of chosen) {
  const before = loadLine();
  say(`── ${bench.name}: ${bench.about} (load ${before})`);
  const outcome = await attempt(bench);
  const load = { before, after: loadLine() };
  (report['benches'] as Record<string, unknown>)[bench.name] = { load, ...outcome };
  if ('error' in outcome) {
    failed++;
    say(`${bench.name} failed: ${outcome.error}`);
  } else {
    say(tableOf(outcome.measures));
    for (const note of outcome.notes) say(`  ${note}`);
  }
  say(`  load before ${load.before}, after ${load.after}\n`);
  // After each one: the last may be stopped by whoever waits.
  await mkdir(join(RESULTS, '..'), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(report, null, 2)}\n`);
}
say(`Written: ${RESULTS}`);
process.exit(failed === 0 ? 0 : 1);

/** One bench's failure must not take the others' numbers along. */
async function attempt(bench: Bench): Promise<BenchResult | { error: string }> {
  const folder = await mkdtemp(join(tmpdir(), `idlewise-bench-${bench.name}-`));
  try {
    return await bench.run({ folder, log: (line) => say(`  ${line}`), env: process.env });
  } catch (error) {
    return { error: (error as Error).stack ?? String(error) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
