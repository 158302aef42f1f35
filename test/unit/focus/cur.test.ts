import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetWriteFile } from 'hyparquet-writer';
import { importFocus } from '../../../providers/cost/focus/import.ts';
import { createFocusCost } from '../../../providers/cost/focus/index.ts';
import { type FocusEvent, readFocusFile } from '../../../providers/cost/focus/read.ts';
import { type Charge, csvFile, csvOf, fileOf, freshFolder } from './files.ts';

/** A line item as a data export writes it; a test overrides what it is about. */
const ITEM: Charge = {
  bill_payer_account_id: '999999999999',
  bill_billing_period_start_date: '2025-01-01T00:00:00.000Z',
  bill_billing_period_end_date: '2025-02-01T00:00:00.000Z',
  line_item_usage_account_id: '111122223333',
  line_item_line_item_type: 'Usage',
  line_item_usage_start_date: '2025-01-10T00:00:00.000Z',
  line_item_usage_end_date: '2025-01-11T00:00:00.000Z',
  line_item_product_code: 'AmazonEC2',
  line_item_resource_id: 'i-1',
  line_item_currency_code: 'USD',
  line_item_unblended_cost: '2.4',
  pricing_public_on_demand_cost: '2.4',
  product: '{"product_name":"Amazon Elastic Compute Cloud"}',
  product_region_code: 'eu-west-1',
  reservation_effective_cost: '',
  reservation_end_time: '',
  reservation_reservation_a_r_n: '',
  reservation_unused_amortized_upfront_fee_for_billing_period: '',
  reservation_unused_recurring_fee: '',
  resource_tags: '{"user_team":"web"}',
  savings_plan_end_time: '',
  savings_plan_savings_plan_a_r_n: '',
  savings_plan_savings_plan_effective_cost: '',
  savings_plan_total_commitment_to_date: '',
  savings_plan_used_commitment: '',
};
const item = (over: Charge = {}): Charge => ({ ...ITEM, ...over });
const RESERVATION = 'arn:aws:ec2:eu-west-1:111122223333:reserved-instances/r-1';
const PLAN = 'arn:aws:savingsplans::111122223333:savingsplan/p-1';

async function rowOf(over: Charge) {
  const events: FocusEvent[] = [];
  for await (const event of readFocusFile(csvFile([item(over)]))) events.push(event);
  const [header, row] = events;
  assert.ok(header?.kind === 'header' && header.version === 'CUR 2.0');
  assert.ok(row?.kind === 'accepted', row?.kind === 'rejected' ? JSON.stringify(row.complaint) : 'no row');
  return row.row;
}

const KINDS: readonly (readonly [type: string, over: Charge, billed: string, effective: string, category: string])[] = [
  ['Usage', {}, '2.4', '2.4', 'Usage'],
  ['DiscountedUsage', { line_item_unblended_cost: '0', reservation_effective_cost: '1.5' }, '0', '1.5', 'Usage'],
  ['SavingsPlanCoveredUsage', { savings_plan_savings_plan_effective_cost: '1.7' }, '0', '1.7', 'Usage'],
  ['SavingsPlanNegation', { line_item_unblended_cost: '-2.4' }, '0', '0', 'Usage'],
  ['EdpDiscount', { line_item_unblended_cost: '-0.2' }, '-0.2', '-0.2', 'Usage'],
  ['BundledDiscount', { line_item_unblended_cost: '-0.2' }, '-0.2', '-0.2', 'Usage'],
  ['PrivateRateDiscount', { line_item_unblended_cost: '-0.2' }, '-0.2', '-0.2', 'Usage'],
  [
    'RIFee',
    {
      reservation_unused_recurring_fee: '0.25',
      reservation_unused_amortized_upfront_fee_for_billing_period: '0.5',
      reservation_reservation_a_r_n: RESERVATION,
    },
    '2.4',
    '0.75',
    'Purchase',
  ],
  [
    'SavingsPlanRecurringFee',
    { savings_plan_total_commitment_to_date: '10.3', savings_plan_used_commitment: '10.1' },
    '2.4',
    '0.2',
    'Purchase',
  ],
  ['SavingsPlanUpfrontFee', {}, '2.4', '0', 'Purchase'],
  ['Fee', { reservation_reservation_a_r_n: RESERVATION }, '2.4', '0', 'Purchase'],
  ['Fee', {}, '2.4', '2.4', 'Purchase'],
  ['Tax', {}, '2.4', '2.4', 'Tax'],
  ['Credit', { line_item_unblended_cost: '-1' }, '-1', '-1', 'Credit'],
  ['Refund', { line_item_unblended_cost: '-1' }, '-1', '-1', 'Credit'],
];
for (const [type, over, billed, effective, category] of KINDS)
  test(`${type} ${JSON.stringify(over)} is ${category}, billed ${billed}, effective ${effective}`, async () => {
    const row = await rowOf({ line_item_line_item_type: type, ...over });
    assert.deepEqual([row.billed.toFixed(), row.effective.toFixed(), row.category], [billed, effective, category]);
  });

test('who, what, where and when come from the columns of the report', async () => {
  const row = await rowOf({});
  assert.equal(row.accountId, '111122223333');
  assert.equal(row.resourceId, 'i-1');
  assert.equal(row.regionId, 'eu-west-1');
  assert.equal(row.serviceName, 'Amazon Elastic Compute Cloud');
  assert.equal((await rowOf({ product: '' })).serviceName, 'AmazonEC2');
  assert.deepEqual(row.tags, { user_team: 'web' });
  assert.equal(row.end - row.start, 86_400_000);
});

test('commitments: kind, id, end and share reach the asset', async () => {
  const days = Array.from({ length: 14 }, (_, i) => `2025-01-${String(i + 5).padStart(2, '0')}`);
  const on = (day: string, over: Charge) =>
    item({
      line_item_usage_start_date: `${day}T00:00:00.000Z`,
      line_item_usage_end_date: new Date(Date.parse(day) + 86_400_000).toISOString(),
      ...over,
    });
  const reserved = {
    line_item_line_item_type: 'DiscountedUsage',
    line_item_unblended_cost: '0',
    reservation_effective_cost: '1.8',
    reservation_reservation_a_r_n: RESERVATION,
    reservation_end_time: '2026-03-01T00:00:00.000Z',
  };
  const planned = {
    line_item_line_item_type: 'SavingsPlanCoveredUsage',
    line_item_resource_id: 'i-2',
    savings_plan_savings_plan_effective_cost: '3',
    savings_plan_savings_plan_a_r_n: PLAN,
    savings_plan_end_time: '2027-01-01T00:00:00.000Z',
  };
  const charges = days.flatMap((day) => [
    on(day, reserved),
    on(day, { line_item_unblended_cost: '0.6' }),
    on(day, planned),
  ]);
  const path = csvFile(charges);
  const port = createFocusCost({
    config: {
      vendor: ['focus'],
      currency: 'USD',
      resourceLevelServices: [],
      cacheFor: 0,
      unbilledCacheFor: 0,
      focus: { path, staleAfter: 604_800_000 },
    } as never,
    clock: () => Date.parse('2025-01-19T00:00:00Z'),
  });
  const { byResource } = await port.accountCosts({ accountId: '111122223333', asOf: '2025-01-19T00:00:00.000Z' });
  const one = byResource.get('i-1');
  assert.deepEqual(
    [one?.CommitmentDiscountType, one?.CommitmentDiscountId, one?.commitmentEndsAt, one?.commitmentCoverage],
    ['reservation', RESERVATION, '2026-03-01T00:00:00.000Z', 0.75],
  );
  assert.deepEqual([one?.EffectiveCost, one?.BilledCost, one?.monthlyRunRate], ['33.6', '8.4', '73']);
  const two = byResource.get('i-2');
  assert.deepEqual(
    [two?.CommitmentDiscountType, two?.CommitmentDiscountId, two?.commitmentEndsAt, two?.commitmentCoverage],
    ['savings-plan', PLAN, '2027-01-01T00:00:00.000Z', 1],
  );
  assert.equal(two?.BilledCost, '0');
  assert.match(await port.check(), /version CUR 2\.0/);
});

const REJECTED: readonly (readonly [over: Charge, column: string, found: string, fix: RegExp])[] = [
  [{ line_item_line_item_type: 'Barter' }, 'line_item_line_item_type', 'Barter', /use one of Usage, DiscountedUsage/],
  [{ line_item_unblended_cost: 'NaN' }, 'line_item_unblended_cost', 'NaN', /plain number/],
  [{ line_item_line_item_type: 'DiscountedUsage' }, 'reservation_effective_cost', 'nothing', /must not be empty/],
  [
    { line_item_line_item_type: 'SavingsPlanCoveredUsage', savings_plan_savings_plan_effective_cost: 'x' },
    'savings_plan_savings_plan_effective_cost',
    'x',
    /plain number/,
  ],
  [
    { line_item_line_item_type: 'RIFee', reservation_unused_recurring_fee: '1,5' },
    'reservation_unused_recurring_fee',
    '1,5',
    /plain number/,
  ],
  [{ line_item_usage_start_date: 'soon' }, 'line_item_usage_start_date', 'soon', /2025-01-31T00:00:00Z/],
  [{ line_item_currency_code: '' }, 'line_item_currency_code', 'nothing', /ISO 4217/],
  [{ pricing_public_on_demand_cost: '$2' }, 'pricing_public_on_demand_cost', '$2', /plain number/],
];
for (const [over, column, found, fix] of REJECTED)
  test(`${JSON.stringify(over)} is rejected in the report's own words`, async () => {
    const result = await importFocus(csvFile([item(), item(over)]));
    assert.deepEqual([result.accepted, result.rejected], [1, 1]);
    const reason = result.rejections[0];
    assert.deepEqual([reason?.column, reason?.found], [column, found]);
    assert.match(reason?.fix ?? '', fix);
  });

test('a column that was not exported is no zero', async () => {
  const { reservation_unused_recurring_fee: _gone, ...rest } = item({ line_item_line_item_type: 'RIFee' });
  const result = await importFocus(csvFile([rest]));
  assert.equal(result.rejections[0]?.column, 'reservation_unused_recurring_fee');
  const { line_item_unblended_cost: _cost, ...costless } = item();
  const refused = (await importFocus(csvFile([costless]))).files[0]?.problem;
  assert.match(refused?.found ?? '', /not a CUR 2\.0 file: no column line_item_unblended_cost/);
  const { line_item_resource_id: _id, ...anonymous } = item();
  const told = await importFocus(csvFile([anonymous]));
  assert.deepEqual([told.accepted, told.files[0]?.absentColumns], [1, ['line_item_resource_id']]);
});

test('the predecessor’s names are the same columns', async () => {
  const text = csvOf([item()])
    .replace('bill_payer_account_id', 'bill/PayerAccountId')
    .replace('line_item_usage_account_id', 'lineItem/UsageAccountId')
    .replace('line_item_unblended_cost', 'lineItem/UnblendedCost')
    .replace('reservation_reservation_a_r_n', 'reservation/ReservationARN');
  const result = await importFocus(fileOf(text));
  assert.deepEqual([result.files[0]?.version, result.accepted], ['CUR', 1]);
});

test('Parquet: doubles, timestamps and maps arrive as from CSV', async () => {
  const filename = join(freshFolder(), 'cur.parquet');
  const rows = [item(), item({ line_item_unblended_cost: '0.1', line_item_resource_id: 'i-2' })];
  const isTime = (name: string) => name.endsWith('_date');
  const isCost = (name: string) => name.endsWith('_cost');
  const optional = { repetition_type: 'OPTIONAL' } as const;
  const names = Object.keys(ITEM);
  parquetWriteFile({
    filename,
    schema: [
      { name: 'root', num_children: names.length },
      ...names.map((name) => {
        if (isTime(name)) return { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', ...optional } as const;
        if (isCost(name)) return { name, type: 'DOUBLE', ...optional } as const;
        return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional } as const;
      }),
    ],
    columnData: names.map((name) => ({
      name,
      data: rows.map((row) => {
        const text = row[name] as string;
        if (text === '') return null;
        return isTime(name) ? new Date(text) : isCost(name) ? Number(text) : text;
      }),
    })),
  });
  const result = await importFocus(filename);
  assert.deepEqual([result.files[0]?.version, result.accepted, result.rejected], ['CUR 2.0', 2, 0]);
  assert.deepEqual(result.totals[0]?.file, { BilledCost: '2.5', EffectiveCost: '2.5' });
  assert.equal(result.period?.start, '2025-01-10T00:00:00.000Z');
});

test('a month that was delivered twice under names without order is refused, not counted twice', async () => {
  const root = freshFolder();
  csvFile([item()], 'exp/20250101-20250201/0b1c/exp-1.csv', root);
  assert.equal((await importFocus(root)).accepted, 1);
  csvFile([item()], 'exp/20250101-20250201/7f3a/exp-1.csv', root);
  await assert.rejects(importFocus(root), /holds 0b1c and 7f3a|holds 7f3a and 0b1c/);
});
