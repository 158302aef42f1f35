// Runs every contract test and prints the table port × provider × case. `npm run contract -- --out FILE` keeps every row.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, root, run, toolEnvironment } from './launch.mjs';

const node = prepare();
const env = toolEnvironment();
if ((await run(node, [join('test', 'helpers', 'prepare.ts')], { env })) !== 0) process.exit(1);

const [option, out] = process.argv.slice(2);
if (option !== undefined && (option !== '--out' || out === undefined)) {
  console.error('usage: npm run contract -- --out FILE');
  process.exit(2);
}
const files = readdirSync(join(root, 'test', 'contract'), { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', 'contract', name))
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'idlewise-contract-'));
const lines = join(folder, 'lines.jsonl');
const code = await run(
  node,
  [
    '--test',
    '--test-concurrency=1',
    `--test-reporter=${join(root, 'bin', 'contract-reporter.mjs')}`,
    `--test-reporter-destination=${lines}`,
    ...files,
  ],
  { env },
);
const rows = readFileSync(lines, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((text) => JSON.parse(text));
rmSync(folder, { recursive: true, force: true });

const table = new Map();
for (const row of rows) {
  const key = `${row.port} × ${row.provider}`;
  const counts = table.get(key) ?? { passed: 0, failed: 0, 'not run': 0 };
  counts[row.result.startsWith('not run') ? 'not run' : row.result]++;
  table.set(key, counts);
}
const summary = [
  '| port × provider | passed | failed | not run |',
  '|---|---|---|---|',
  ...[...table]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, c]) => `| ${key} | ${c.passed} | ${c.failed} | ${c['not run']} |`),
];
console.log(summary.join('\n'));
if (out !== undefined) {
  const cell = (text) => text.replaceAll('|', '\\|');
  const every = rows.map((r) => `| ${r.port} | ${cell(r.provider)} | ${cell(r.case)} | ${cell(r.result)} |`);
  writeFileSync(out, ['| port | provider | case | result |', '|---|---|---|---|', ...every, ''].join('\n'));
}
process.exit(code);
