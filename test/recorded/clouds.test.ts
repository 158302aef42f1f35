import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, notRun, recordedFiles } from './folder.ts';
import { VENDORS } from './readers/index.ts';
import { walk } from './walk.ts';

/** What a row truly lacks, or an answer is; any other refusal of a real answer is a defect of ours. */
const RIGHT: Readonly<Record<string, readonly RegExp[]>> = {
  // Written for tests of others, which ask without groups or for another measure: what we ask for is answered with both.
  aws: [/NotFound/, /^Groups: /, /^Metrics\.AmortizedCost: /],
  // An API version of 2016, which called it accountType; an answer to a filter that we do not send.
  // Exports of Azure's own kind, which do not state amortised cost: FOCUS is asked for instead.
  azure: [/^sku: /, /^series: /, /cost details of Azure/],
  // The call was refused; a self link that whoever published it cut off.
  gcp: [/API key not valid/, /has not been used in project/, /^assetKey: /],
};

for (const [vendor, right] of Object.entries(RIGHT))
  test(`${vendor}: no real row is refused without a true lack`, { skip: notRun }, async () => {
    const files = recordedFiles().filter((file) => file.vendor === vendor);
    const walked = await walk(files, VENDORS, bodyOf);
    const read = walked.filter(({ readBy }) => readBy === 'adapter');
    assert.ok(read.length > 30);
    const wrong = read.flatMap(({ file, why }) =>
      why.filter((w) => !right.some((r) => r.test(w))).map((w) => `${file} ${w}`),
    );
    assert.deepEqual(wrong, []);
  });
