import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { isProviderError } from '../../../ports/errors.ts';
import { parseRow, readRows, RowError, textOf } from '../../../providers/rows.ts';

const asked = { provider: 'aws', operation: 'ec2:DescribeAddresses' };
const Row = z.object({ id: z.string(), place: z.object({ zone: z.string() }) });
const reader = {
  ...asked,
  read: (node: unknown) => parseRow(Row, node, asked),
  idOf: (node: unknown) => textOf(node, 'id'),
  assetKeyOf: (id: string) => (id === 'b' ? 'arn:b' : undefined),
};

describe('rows', () => {
  it('costs one odd row itself alone, with its place and fix', () => {
    const { rows, rejected } = readRows(
      [
        { id: 'a', place: { zone: 'z' } },
        { id: 'b', place: { zone: 7 } },
        null,
        'text',
        { id: 'c', place: { zone: 'y' } },
      ],
      reader,
    );
    assert.deepEqual(
      rows.map((r) => r.id),
      ['a', 'c'],
    );
    const [typed, absent, text] = rejected;
    assert.equal(rejected.length, 3);
    assert.deepEqual(
      { ...typed, fix: '' },
      {
        ...{ source: 'aws', operation: 'ec2:DescribeAddresses', rowId: 'b', field: 'place.zone', found: '7' },
        fix: '',
        assetKey: 'arn:b',
      },
    );
    assert.match(typed?.fix ?? '', /expected string/i);
    assert.deepEqual([absent?.rowId, absent?.field, absent?.found], [null, '(root)', 'null']);
    assert.deepEqual([text?.rowId, text?.found], [null, '"text"']);
  });

  it('is a malformed answer where one row was all that was asked for', () => {
    assert.throws(
      () => parseRow(Row, {}, asked),
      (error) =>
        isProviderError(error, 'malformed') && error instanceof RowError && /found nothing/.test(error.message),
    );
  });

  it('hides no error that is not about the row', () => {
    const broken = { ...reader, read: () => assert.fail('a defect of ours') };
    assert.throws(() => readRows([{}], broken), /a defect of ours/);
  });

  it('shows little of what it found', () => {
    const [only] = readRows([{ id: 'x'.repeat(5000), place: 'y'.repeat(5000) }], reader).rejected;
    assert.ok((only?.found.length ?? 0) <= 120);
  });
});
