import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepAlive } from '../../../clients/start/keep-alive.ts';
import type { Exit, ManagedProcess } from '../../../sandbox/servers/start-process.ts';

/** A process that dies when told to. */
function mortal() {
  const deaths: ((exit: Exit) => void)[] = [];
  const managed: ManagedProcess = {
    name: 'read',
    pid: 1,
    logFile: 'logs/read.log',
    exited: new Promise(() => undefined),
    onDeath: (listener) => void deaths.push(listener),
    stop: async () => undefined,
    kill: async () => ({ code: null, signal: 'SIGKILL' }),
  };
  return { managed, die: (exit: Exit = { code: null, signal: 'SIGKILL' }) => deaths.forEach((tell) => tell(exit)) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a process that dies is started again after a pause that grows, and somebody is told', async () => {
  const lives = [mortal(), mortal(), mortal(), mortal()];
  const [said, pauses]: [string[], number[]] = [[], []];
  let [now, born, stopping] = [0, 0, false];
  keepAlive((lives[0] as (typeof lives)[0]).managed, {
    name: 'read',
    start: async () => {
      born += 1;
      // The second start fails: the port is taken for a moment, say.
      if (born === 2) throw new Error('read ended at once (code 1)');
      return (lives[born > 2 ? born - 1 : born] as (typeof lives)[0]).managed;
    },
    say: (line) => said.push(line),
    stopping: () => stopping,
    sleep: async (ms) => void pauses.push(ms),
    clock: () => now,
  });
  lives[0]?.die();
  await settled();
  lives[1]?.die();
  await settled();
  await settled();
  assert.deepEqual(pauses, [1_000, 2_000, 4_000]);
  assert.match(said[0] ?? '', /read ended \(SIGKILL\); starting it again in 1 s; its log: logs\/read\.log/);
  assert.equal(said[1], 'read is up again');
  assert.match(said[3] ?? '', /did not start: read ended at once/);

  now += 61_000;
  lives[2]?.die();
  await settled();
  assert.equal(pauses.at(-1), 1_000, 'one that was up for a minute had no trouble');

  stopping = true;
  lives[3]?.die();
  await settled();
  assert.equal(born, 4, 'nothing is started while everything is being stopped');
});
