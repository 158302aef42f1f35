import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../../sandbox/servers/lock.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idlewise-lock-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function contend(file: string, options: { staleAfter?: number } = {}): Promise<number> {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(15);
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(file, work, { poll: 5, ...options })));
  return most;
}

test('only one is inside at a time, and nothing is left behind', async () => {
  const file = join(folder, 'plain.lock');
  assert.equal(await contend(file), 1);
  assert.equal(existsSync(file), false);
});

test('the lock of a dead process is taken over at once, by one alone', async () => {
  const file = join(folder, 'dead.lock');
  const dead = spawnSync(process.execPath, ['--version']).pid;
  await writeFile(file, JSON.stringify({ token: 't', pid: dead, host: hostname() }));
  const start = Date.now();
  assert.equal(await contend(file), 1);
  assert.ok(Date.now() - start < 5_000);
});

test('the lock of another machine is taken over when nobody refreshes it', async () => {
  const file = join(folder, 'other.lock');
  await writeFile(file, JSON.stringify({ token: 't', pid: 1, host: 'another-machine' }));
  const old = new Date(Date.now() - 60_000);
  await utimes(file, old, old);
  assert.equal(await contend(file, { staleAfter: 10_000 }), 1);
});

test('a half-written lock is taken over when it is old', async () => {
  const file = join(folder, 'torn.lock');
  await writeFile(file, '{"tok');
  const old = new Date(Date.now() - 60_000);
  await utimes(file, old, old);
  assert.equal(await contend(file, { staleAfter: 10_000 }), 1);
});

test('the lock of a living process is respected, and waiting ends with an error that names the file', async () => {
  const file = join(folder, 'alive.lock');
  await writeFile(file, JSON.stringify({ token: 't', pid: process.pid, host: hostname() }));
  await assert.rejects(
    withLock(file, async () => undefined, { timeout: 50, poll: 10 }),
    /alive\.lock/,
  );
  assert.match(await readFile(file, 'utf8'), /"t"/, 'it is still there');
});

test('the lock is given back when the work fails', async () => {
  const file = join(folder, 'failing.lock');
  const work = async () => {
    throw new Error('no luck');
  };
  await assert.rejects(withLock(file, work), /no luck/);
  assert.equal(existsSync(file), false);
});
