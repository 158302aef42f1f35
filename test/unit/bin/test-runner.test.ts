import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// The folder's name makes the runner take what is in it for unit tests, which need no servers.
const scratch = join(mkdtempSync(join(tmpdir(), 'idlewise-runner-')), 'test', 'unit');
mkdirSync(scratch, { recursive: true });
after(() => rmSync(join(scratch, '..', '..'), { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly last: string;
}

function runTests(files: Record<string, string>): Ran {
  for (const [name, source] of Object.entries(files))
    writeFileSync(join(scratch, name), `import { test } from 'node:test';\n${source}\n`);
  return runFiles(Object.keys(files));
}

function runFiles(names: readonly string[]): Ran {
  // Or the inner runner would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = [join(root, 'bin', 'test.mjs'), ...names.map((name) => join(scratch, name))];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { code: status, last: stdout.trim().split('\n').at(-1) ?? '' };
}

test('the last line sums up all files, and the exit code says whether anything failed', () => {
  const good = "test('a', () => {}); test('b', () => {});";
  assert.deepEqual(runTests({ 'a.test.ts': good, 'b.test.ts': good }), { code: 0, last: '4 passed, 0 failed' });
  const mixed = "test('bad', () => { throw new Error('no'); }); test.skip('later', () => {});";
  const { code, last } = runTests({ 'a.test.ts': good, 'b.test.ts': mixed });
  assert.equal(last, '2 passed, 1 failed, 1 skipped');
  assert.equal(code, 1);
});

test('a file that cannot be loaded, or is not there, is a failure', () => {
  assert.deepEqual(runTests({ 'a.test.ts': 'this is no code' }), { code: 1, last: '0 passed, 1 failed' });
  assert.deepEqual(runFiles(['missing.test.ts']), { code: 1, last: '0 passed, 1 failed' });
});
