import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../../config/load.ts';

const example = parse(readFileSync(fileURLToPath(new URL('../../../config/example.yaml', import.meta.url)), 'utf8'));
const configured = (cost: unknown) => parseConfig(stringify({ ...example, cost }), 'test.yaml').cost;

test('FOCUS files are a cost source by configuration alone', () => {
  const cost = configured({ vendor: 'focus', focus: { path: '/bills' } });
  assert.deepEqual(cost.focus, { path: '/bills', staleAfter: 7 * 86_400_000 });
});

test('the source without a path is refused with what to write', () => {
  assert.throws(
    () => configured({ vendor: 'focus' }),
    /cost\.focus: must be given when cost\.vendor names focus: the file or folder to read/,
  );
});
