// Runs the tests and ends with one line that sums them up. `npm test -- FILE...` runs only those, and
// `npm test -- --at 2028-02-29T23:30:00Z FILE...` runs them as if it were that moment; without files, all whose servers are Node's.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root, run, toolEnvironment } from './launch.mjs';

/**
 * Suites that have failed by the hour or by the day, and the moments at which they did or might: late in the evening, a leap
 * day, both changes of daylight saving on both sides of the Atlantic, and across the turn of a year.
 */
const BY_THE_CLOCK = [
  [
    '2026-12-01T23:30:00Z',
    /contract.cost.(?!cost-explorer)|contract.cnapp.lacework|unit.(domain|detection|focus|savings|telemetry)/,
  ],
  ['2028-02-29T23:30:00Z', /contract.cost.(vantage|cloudhealth)|unit.domain/],
  ['2027-03-14T06:59:50Z', /contract.cost.azure|unit.domain/],
  ['2027-03-28T00:59:50Z', /contract.cost.gcp|unit.domain/],
  ['2027-10-31T00:59:50Z', /contract.cost.gcp|unit.domain/],
  ['2027-11-07T05:59:50Z', /contract.cost.azure|unit.domain/],
  ['2026-12-31T23:30:00Z', /contract.cost.(vantage|azure|gcp)|unit.domain/],
  ['2027-01-01T00:05:00Z', /contract.cost.(vantage|cloudhealth)|unit.domain/],
];

const WHOLE_ESTATE = ['abuse', 'e2e', 'faults'].map((name) => join('test', name));

/** A test that has not ended by then never will. */
const TEST_TIMEOUT_MS = 900_000;

const node = prepare();
const env = toolEnvironment();
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const slowest = [];
const args = process.argv.slice(2);
// Says what was tried in vain while servers were looked for.
if (args.includes('--verbose')) env.IDLEWISE_VERBOSE = '1';
const stages = plan(argumentsOf(args.filter((arg) => arg !== '--verbose')));

// Servers are found or built first, where it can be seen, and not inside the first test that needs one.
const needsServers = stages.some((stage) => stage.files.some((file) => !isUnit(file)));
const ready = !needsServers || (await run(node, [join('test', 'helpers', 'prepare.ts')], { env })) === 0;
if (ready) for (const stage of stages) await runStage(stage);
else totals.failed += 1;

if (totals.passed + totals.failed === 0) totals.failed += 1;
tellTheEnd();
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed === 0 ? 0 : 1);

function argumentsOf(args) {
  const at = args.indexOf('--at');
  if (at < 0) return { files: args };
  const [, moment = ''] = args.splice(at, 2);
  if (Number.isNaN(Date.parse(moment))) {
    console.error(`--at: must be an ISO-8601 instant such as 2028-02-29T23:30:00Z, found "${moment}"`);
    process.exit(2);
  }
  return { files: args, moment };
}

/** What brings up the whole estate runs one file at a time; the others share the machine, each with servers of its own. */
function plan({ files: chosen, moment }) {
  if (chosen.length > 0) return [{ files: chosen, concurrency: 1, moment }];
  const every = readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .sort();
  const all = moment === undefined ? every : every.filter((file) => !needsTheMachinesClock(file));
  if (all.length < every.length)
    console.log(
      `Not run as if it were ${moment}: ${every.length - all.length} files with a server that keeps the machine's clock.`,
    );
  return [
    { files: all.filter(isUnit), concurrency: 2, moment },
    { files: all.filter((file) => !isUnit(file) && !isWhole(file)), concurrency: 2, moment },
    { files: all.filter(isWhole), concurrency: 1, moment },
    ...(moment === undefined ? BY_THE_CLOCK.map(([at, which]) => byTheClock(at, which, all)) : []),
  ].filter((stage) => stage.files.length > 0);
}

/** Their simulators are part of the tests, so that all of them see the same clock and two files can share the machine. */
function byTheClock(moment, which, all) {
  return { files: all.filter((file) => which.test(file)), concurrency: 2, moment };
}

function isWhole(file) {
  return WHOLE_ESTATE.some((folder) => file.startsWith(folder));
}

/** With a server that is not Node's and whose clock is the point: Temporal's timers, the expiry of moto's credentials. */
function needsTheMachinesClock(file) {
  const folders = ['workflow', 'replay'].map((name) => join('test', name));
  return isWhole(file) || folders.some((folder) => file.startsWith(folder)) || file.endsWith('aws-leases.test.ts');
}

function isUnit(file) {
  return file.includes(join('test', 'unit'));
}

async function runStage({ files, concurrency, moment }) {
  if (moment !== undefined) console.log(`As if it were ${moment}:`);
  const folder = mkdtempSync(join(tmpdir(), 'idlewise-test-'));
  const counts = join(folder, 'counts.json');
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(root, 'bin', 'count-reporter.mjs')}`,
    `--test-reporter-destination=${counts}`,
  ];
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${TEST_TIMEOUT_MS}`];
  const code = await run(node, ['--test', ...limits, ...reporters, ...files], {
    env: moment === undefined ? env : { ...env, ...clockAt(moment) },
  });
  const text = existsSync(counts) ? readFileSync(counts, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  const none = { passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };
  const told = text === '' ? { counts: none, failures: [], files: [] } : JSON.parse(text);
  const seen = told.counts;
  failures.push(...told.failures.map((failure) => ({ ...failure, moment })));
  slowest.push(...told.files.map((file) => ({ ...file, moment })));
  const failed = seen.failed + seen.cancelled;
  totals.passed += seen.passed;
  totals.skipped += seen.skipped + seen.todo;
  // A runner that broke without counting anything must not look like success.
  totals.failed += code !== 0 && failed === 0 ? 1 : failed;
}

/** What took longest, and what failed, right before the last line. */
function tellTheEnd() {
  const at = (moment) => (moment === undefined ? '' : ` (as if it were ${moment})`);
  const longest = slowest.sort((a, b) => b.seconds - a.seconds).slice(0, 10);
  if (slowest.length > 10) {
    console.log('Slowest files:');
    for (const { file, seconds, moment } of longest) console.log(`  ${seconds.toFixed(1)} s  ${file}${at(moment)}`);
  }
  if (failures.length === 0) return;
  console.log('Failed:');
  for (const { file, name, error, moment } of failures) console.log(`  ${file}${at(moment)}: ${name}: ${error}`);
}

/** One clock for every Node process of a stage, which goes on from that moment. */
function clockAt(moment) {
  const preload = pathToFileURL(join(root, 'test', 'helpers', 'shifted-clock.mjs')).href;
  return {
    IDLEWISE_CLOCK_OFFSET_MS: String(Date.parse(moment) - Date.now()),
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`.trim(),
  };
}
