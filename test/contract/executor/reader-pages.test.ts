import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Rig, startRig } from './rig.ts';
import { instance } from './seeds.ts';

/** One more than the endpoint puts on a page of DescribeInstances. */
const NAMES = Array.from({ length: 101 }, (_, i) => `many-${i}`);
let rig: Rig;

before(async () => {
  rig = await startRig(NAMES.map((name) => instance(name)));
});
after(() => rig.stop());

test('an answer in pages is read to its end: no machine looks gone because it was on the second one', async () => {
  const { facts: found } = await rig.reader.describe(NAMES.map((name) => rig.ref(name)));
  assert.equal(found.size, NAMES.length);
});
