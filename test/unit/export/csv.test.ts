import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CSV_COLUMNS, neutralised } from '../../../clients/export/csv.ts';

test('what a spreadsheet could calculate is marked as text', () => {
  for (const text of [
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '  @x',
    '\uFF1D1',
    "'=1",
    '-',
    '-cmd',
  ])
    assert.equal(neutralised(text), `'${text}`, JSON.stringify(text));
});

test('ordinary text and plain numbers stay as they are', () => {
  for (const text of ['', 'web', 'a=b', '12.50', '-2.6137', '-1e-7', 'i-0abc', '{"a":"=1"}', '2025-01-01', ' x'])
    assert.equal(neutralised(text), text, JSON.stringify(text));
});

test('taking the mark off gives every value back', () => {
  const read = (cell: string) => (cell.startsWith("'") ? cell.slice(1) : cell);
  for (const text of ['=1', "'", "'quoted'", "''=", '-2.5', 'x', ' =1']) assert.equal(read(neutralised(text)), text);
});

test('the documented columns are those of the file, in this order', () => {
  const text = readFileSync(fileURLToPath(new URL('../../../docs/export.md', import.meta.url)), 'utf8');
  const documented = [...text.matchAll(/^\| \d+ \| `(\w+)` \|/gm)].map((m) => m[1]);
  assert.deepEqual(
    documented,
    CSV_COLUMNS.map(([name]) => name),
  );
});
