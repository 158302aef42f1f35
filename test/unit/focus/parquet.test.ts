import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { importFocus } from '../../../providers/cost/focus/import.ts';
import { type FocusEvent, readFocusFile } from '../../../providers/cost/focus/read.ts';
import { CHARGE, fileOf, freshFolder } from './files.ts';

const COSTS = ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'];
const TIMES = ['BillingPeriodEnd', 'BillingPeriodStart', 'ChargePeriodEnd', 'ChargePeriodStart'];
const COLUMNS = Object.keys(CHARGE);

/** 38 digits, 20 of them behind the point: what a data export uses, and more than binary numbers can hold. */
const decimal = (name: string): SchemaElement => ({
  name,
  type: 'FIXED_LEN_BYTE_ARRAY',
  type_length: 16,
  converted_type: 'DECIMAL',
  precision: 38,
  scale: 20,
  repetition_type: 'OPTIONAL',
});

function elementOf(name: string): SchemaElement {
  if (COSTS.includes(name)) return decimal(name);
  if (TIMES.includes(name))
    return { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' };
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
}

/** Rows as a columnar writer takes them: costs in units of 10⁻²⁰, times as dates, null as null. */
function parquetFile(rows: readonly Record<string, unknown>[]): string {
  const valueOf = (name: string, row: Record<string, unknown>): unknown => {
    if (name in row) return row[name];
    const text = CHARGE[name] as string;
    if (COSTS.includes(name)) return 125n * 10n ** 18n;
    if (TIMES.includes(name)) return new Date(text);
    return text === '' ? null : text;
  };
  const filename = join(freshFolder(), 'bill.parquet');
  parquetWriteFile({
    filename,
    schema: [{ name: 'root', num_children: COLUMNS.length }, ...COLUMNS.map(elementOf)],
    columnData: COLUMNS.map((name) => ({ name, data: rows.map((row) => valueOf(name, row)) })),
    rowGroupSize: 3,
  });
  return filename;
}

test('decimals of a Parquet file keep every digit, below zero too, over several row groups', async () => {
  const units = [1n, -1n, 12345678901234567890123456789012345678n, -(10n ** 37n), 0n, 10n ** 20n, 3n * 10n ** 19n];
  const found = await importFocus(parquetFile(units.map((BilledCost) => ({ BilledCost, EffectiveCost: BilledCost }))));
  assert.deepEqual([found.rows, found.accepted], [7, 7]);
  const sum = units.reduce((a, b) => a + b).toString();
  const expected = `${sum.slice(0, -20)}.${sum.slice(-20)}`.replace(/0+$/, '');
  assert.deepEqual(found.totals[0]?.file, { BilledCost: expected, EffectiveCost: expected });
});

test('dates, nulls and texts arrive as they would from CSV', async () => {
  const events: FocusEvent[] = [];
  for await (const event of readFocusFile(parquetFile([{ ResourceId: null }, {}]))) events.push(event);
  const [header, first, second] = events;
  assert.ok(header?.kind === 'header' && header.version === '1.0');
  assert.ok(first?.kind === 'accepted' && second?.kind === 'accepted');
  assert.deepEqual([first.line, first.row.resourceId, second.row.resourceId], [2, null, 'i-1']);
  assert.equal(second.row.start, Date.parse('2025-01-10T00:00:00Z'));
  assert.deepEqual(second.row.tags, { team: 'web' });
});

test('a bad row of a Parquet file is rejected with its row, and the rest is read', async () => {
  const found = await importFocus(parquetFile([{}, {}, {}, { BillingCurrency: null }, {}]));
  assert.deepEqual([found.accepted, found.rejected], [4, 1]);
  assert.deepEqual(found.rejections[0]?.firstLines, ['bill.parquet:5']);
});

test('what is no Parquet file is told', async () => {
  for (const content of ['', 'BilledCost,EffectiveCost\n1,2\n', 'PAR1____PAR1'])
    assert.match(
      (await importFocus(fileOf(content, 'bill.parquet'))).files[0]?.problem?.fix ?? '',
      /export the file again/,
    );
});
