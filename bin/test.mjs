// Runs the tests and ends with one line that sums them up. `npm test -- FILE...` runs only those.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root, run, toolEnvironment } from './launch.mjs';

/** A test that has not ended by then never will. */
const TEST_TIMEOUT_MS = 900_000;

const node = prepare();
const env = toolEnvironment();
const totals = { passed: 0, failed: 0, skipped: 0 };
const stages = plan(process.argv.slice(2));

// Servers are found or built first, where it can be seen, and not inside the first test that needs one.
const needsServers = stages.some((stage) => stage.files.some((file) => !isUnit(file)));
const ready = !needsServers || (await run(node, [join('test', 'helpers', 'prepare.ts')], { env })) === 0;
if (ready) for (const stage of stages) await runStage(stage);
else totals.failed += 1;

if (totals.passed + totals.failed === 0) totals.failed += 1;
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed === 0 ? 0 : 1);

/** Unit tests share the machine; what starts servers runs one file at a time. */
function plan(chosen) {
  if (chosen.length > 0) return [{ files: chosen, concurrency: 1 }];
  const all = readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .sort();
  return [
    { files: all.filter(isUnit), concurrency: 2 },
    { files: all.filter((file) => !isUnit(file)), concurrency: 1 },
  ].filter((stage) => stage.files.length > 0);
}

function isUnit(file) {
  return file.includes(join('test', 'unit'));
}

async function runStage({ files, concurrency }) {
  const folder = mkdtempSync(join(tmpdir(), 'idlewise-test-'));
  const counts = join(folder, 'counts.json');
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'bin', 'count-reporter.mjs')}`,
    `--test-reporter-destination=${counts}`,
  ];
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${TEST_TIMEOUT_MS}`];
  const code = await run(node, ['--test', ...limits, ...reporters, ...files], { env });
  const text = existsSync(counts) ? readFileSync(counts, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  const seen = text === '' ? { passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 } : JSON.parse(text);
  const failed = seen.failed + seen.cancelled;
  totals.passed += seen.passed;
  totals.skipped += seen.skipped + seen.todo;
  // A runner that broke without counting anything must not look like success.
  totals.failed += code !== 0 && failed === 0 ? 1 : failed;
}
