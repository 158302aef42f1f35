import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveFirst, type Step } from '../../../sandbox/servers/resolution.ts';

const no = (name: string, why: string): Step<string> => ({ name, attempt: async () => ({ no: why }) });
const yes = (name: string, found: string): Step<string> => ({ name, attempt: async () => ({ found, note: 'here' }) });

function resolve(steps: Step<string>[], verbose = false): { lines: string[]; result: Promise<string> } {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  return { lines, result: resolveFirst({ what: 'Thing', steps, fix: 'Buy one.', log, verbose }) };
}

test('the first step that finds something wins and the later ones are not tried', async () => {
  let tried = false;
  const last: Step<string> = {
    name: 'late',
    attempt: async () => {
      tried = true;
      return { found: 'late', note: '' };
    },
  };
  const { lines, result } = resolve([no('early', 'not set'), yes('middle', 'it'), last], true);
  assert.equal(await result, 'it');
  assert.equal(tried, false);
  assert.deepEqual(lines, ['Thing: early: not set', 'Thing: middle: here']);
});

test('a step that throws counts as not found, with the first line of its reason', async () => {
  const broken: Step<string> = {
    name: 'broken',
    attempt: async () => {
      throw new Error('exploded\n  at somewhere');
    },
  };
  const { lines, result } = resolve([broken, yes('next', 'it')], true);
  assert.equal(await result, 'it');
  assert.equal(lines[0], 'Thing: broken: exploded');
});

test('look-ups that were not needed are not told of, unless asked for', async () => {
  const { lines, result } = resolve([no('early', 'not set'), no('next', 'not there'), yes('middle', 'it')]);
  assert.equal(await result, 'it');
  assert.deepEqual(lines, ['Thing: middle: here']);
});

test('when nothing works, one error names everything tried, and the fix', async () => {
  const { result } = resolve([no('one', 'not set'), no('two', 'empty')]);
  await assert.rejects(result, (error: Error) => {
    for (const part of ['Thing', 'one: not set', 'two: empty', 'Buy one.'])
      assert.ok(error.message.includes(part), part);
    return true;
  });
});
