import assert from 'node:assert/strict';
import test from 'node:test';
import { bodyOf, notRun, recordedFiles } from './folder.ts';
import { VENDORS } from './readers/index.ts';
import { walk } from './walk.ts';

for (const of of VENDORS)
  test(`${of.vendor}: every recorded row is read, or refused with field, found and fix`, { skip: notRun }, async () => {
    const files = recordedFiles().filter(({ vendor }) => vendor === of.vendor);
    const walked = await walk(files, [of], bodyOf);
    const faults = walked.flatMap(({ file, faults: found }) => found.map((fault) => `${file}: ${fault}`));
    assert.deepEqual(faults, []);
  });

test('no vendor of the index is without a list', { skip: notRun }, () => {
  const listed = new Set(VENDORS.map(({ vendor }) => vendor));
  const missing = [...new Set(recordedFiles().map(({ vendor }) => vendor))].filter((vendor) => !listed.has(vendor));
  assert.deepEqual(missing, []);
});
