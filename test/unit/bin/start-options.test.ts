import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BadOption, readStartOptions } from '../../../clients/start/options.ts';
import { holdState } from '../../../clients/start/state-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'idlewise-start-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const main = fileURLToPath(new URL('../../../clients/start/main.ts', import.meta.url));

function start(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  let said = '';
  child.stdout.on('data', (d) => (said += d));
  child.stderr.on('data', (d) => (said += d));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

test('a demo starts fresh in its own folder, a plain start keeps its state', () => {
  const demo = readStartOptions(['--demo', '--report', 'r.json'], '/work');
  assert.deepEqual(
    [demo.fresh, demo.stateDir, demo.report],
    [true, join('/work', '.idlewise', 'demo'), join('/work', 'r.json')],
  );
  assert.deepEqual(readStartOptions([], '/work').fresh, false);
});

test('a stack is a name of its own or a few vendors; a word nobody knows is named', () => {
  assert.equal(readStartOptions([], '/work').stack, 'wiz-aws-servicenow-slack');
  assert.equal(readStartOptions(['--stack', 'orca-aws-jira'], '/work').stack, 'orca-aws-jira');
  assert.throws(() => readStartOptions(['--stack', 'orca-aws-paper'], '/work'), /"paper"; take .*servicenow/);
});

test('what cannot be meant is refused', () => {
  for (const argv of [['--foo'], ['extra'], ['--report', 'r.json'], ['--demo=yes'], ['--stack', 'paper']])
    assert.throws(() => readStartOptions(argv, '/work'), BadOption);
});

test('a wrong option shows the usage, exits 2 and starts nothing', async () => {
  const { code, said } = await start('--foo');
  assert.equal(code, 2);
  assert.match(said, /--foo[\s\S]*Usage: npm start/);
});

test('state in use by another start is refused before anything is touched', async () => {
  const state = join(folder, 'state');
  holdState(state);
  const { code, said } = await start('--fresh', '--state', state);
  assert.equal(code, 1);
  assert.match(said, new RegExp(`in use by process ${process.pid}[\\s\\S]*--state`));
  assert.equal(existsSync(state), false);
});

test('the lock of a process that was killed is taken over', () => {
  const state = join(folder, 'killed');
  writeFileSync(`${state}.lock`, '999999999');
  holdState(state);
  assert.throws(() => holdState(state), /in use/);
});
