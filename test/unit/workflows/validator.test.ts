import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const source = readFileSync(new URL('../../../workflows/steps/run.ts', import.meta.url), 'utf8');

/** A validator that waits would let two Updates in between its question and its answer; the server allows none. */
test('the validator of `decide` is synchronous and changes nothing', () => {
  const body = /validator: (async )?\(decision\) => \{([\s\S]*?)\n    \},/.exec(source);
  assert.ok(body, 'the validator was not found');
  assert.equal(body[1], undefined, 'it is async');
  assert.doesNotMatch(body[2] ?? '', /await|\.then\(|condition\(|run\.\w+ = |push\(/);
});
