import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { importFocus } from '../../../providers/cost/focus/import.ts';
import { readFocusFile } from '../../../providers/cost/focus/read.ts';
import { CHARGE, type Charge, charge, csvFile, csvOf, fileOf, freshFolder } from './files.ts';

/** The one reason for which the second of two charges is rejected. */
async function rejection(over: Charge) {
  const found = await importFocus(csvFile([charge(), charge(over)]));
  assert.deepEqual([found.rows, found.accepted, found.rejected], [2, 1, 1], JSON.stringify(over));
  return found.rejections[0];
}

const REJECTED: readonly (readonly [column: string, found: string, fix: RegExp])[] = [
  ['BilledCost', '$10,000.00', /without currency sign/],
  ['BilledCost', 'NaN', /plain number/],
  ['BilledCost', '1e400', /plain number/],
  ['BilledCost', '0x10', /plain number/],
  ['EffectiveCost', 'twelve', /plain number/],
  ['EffectiveCost', 'NULL', /must not be empty/],
  ['ListCost', '1.000,50', /plain number/],
  ['ContractedCost', '--1', /plain number/],
  ['BillingCurrency', 'US$', /ISO 4217/],
  ['BillingCurrency', '', /must not be empty/],
  ['ChargeCategory', 'usage', /Usage, Purchase, Tax/],
  ['ChargeCategory', 'Refund', /Usage, Purchase, Tax/],
  ['ChargePeriodStart', '5/1/25', /2025-01-31T00:00:00Z/],
  ['ChargePeriodStart', '2025-02-30', /2025-01-31T00:00:00Z/],
  ['ChargePeriodEnd', '2025-01-09T00:00:00Z', /before ChargePeriodStart/],
  ['ChargePeriodEnd', '9999-12-31', /six years/],
  ['BillingPeriodStart', 'January', /2025-01-31T00:00:00Z/],
  ['BillingPeriodEnd', '2025-01-01', /after BillingPeriodStart/],
  ['BillingAccountId', '  ', /must not be empty/],
];
for (const [column, value, fix] of REJECTED)
  test(`${column} ${JSON.stringify(value)} is rejected with its line, what was found and the fix`, async () => {
    const reason = await rejection({ [column]: value });
    assert.equal(reason?.column, column);
    assert.equal(reason?.found, /^(|\s+|NULL)$/.test(value) ? 'nothing' : value);
    assert.match(reason?.fix ?? '', fix);
    assert.deepEqual(reason?.firstLines, ['bill.csv:3']);
  });

const ACCEPTED: readonly (readonly [what: string, over: Charge])[] = [
  ['the word NULL for no value', { ResourceId: 'NULL', Tags: 'null', ChargeClass: 'NULL' }],
  ['times without T and Z', { ChargePeriodStart: '2025-01-10 00:00:00', ChargePeriodEnd: '2025-01-10 01:00:00' }],
  [
    'dates, minutes, fractions and offsets',
    {
      ChargePeriodStart: '2025-01-10',
      ChargePeriodEnd: '2025-01-11T02:00:00.000+02:00',
      BillingPeriodStart: '2025-01-01T00:00Z',
    },
  ],
  ['scientific notation and signs', { BilledCost: '1.5E-7', EffectiveCost: '+.5' }],
  ['credits below zero', { ChargeCategory: 'Credit', BilledCost: '-2.6137' }],
  ['spaces around a number', { EffectiveCost: ' 0.00 ' }],
  ['columns nobody knows', { x_Operation: 'RunInstances', Whatever: '1' }],
  ['tags without braces', { Tags: '"team":"web"' }],
  ['a comma and a quote in a text', { ChargeDescription: 'a, "b"\nc' }],
];
for (const [what, over] of ACCEPTED)
  test(`tolerated: ${what}`, async () => {
    const found = await importFocus(csvFile([charge(over)]));
    assert.deepEqual([found.accepted, found.rejected, found.doubts], [1, 0, []]);
  });

const DOUBTED: readonly (readonly [string, string])[] = [
  ['ChargeClass', 'Fix'],
  ['ChargeFrequency', 'Usage-based'],
  ['PricingCategory', 'Spot'],
  ['CommitmentDiscountCategory', 'Money'],
  ['CommitmentDiscountStatus', 'Half'],
  ['CapacityReservationStatus', 'Lost'],
  ['PricingQuantity', 'many'],
  ['ListUnitPrice', '1,5'],
  ['ConsumedQuantity', 'x'],
  ['Tags', '[1]'],
  ['SkuPriceDetails', '{broken'],
  ['AvailabilityZone', '0.05'],
];
for (const [column, value] of DOUBTED)
  test(`${column} ${value}: the row is accepted, and the value is told`, async () => {
    const found = await importFocus(csvFile([charge({ [column]: value })]));
    assert.equal(found.accepted, 1);
    assert.deepEqual(
      found.doubts.map((d) => [d.column, d.found, d.rows]),
      [[column, value, 1]],
    );
  });

test('tags are read with trimmed keys', async () => {
  const file = csvFile([charge({ Tags: '{" org":"x","n":1}' })]);
  for await (const event of readFocusFile(file))
    if (event.kind === 'accepted') assert.deepEqual(event.row.tags, { org: 'x', n: '1' });
});

test('lines count as an editor shows them, also after a value that spans several', async () => {
  const found = await importFocus(
    csvFile([charge({ ChargeDescription: 'one\ntwo\nthree' }), charge({ BilledCost: 'x' })]),
  );
  assert.deepEqual(found.rejections[0]?.firstLines, ['bill.csv:5']);
});

test('a row with a value too many or too few is rejected, and reading goes on', async () => {
  const [header, row] = csvOf([charge()]).trimEnd().split('\n') as [string, string];
  const found = await importFocus(fileOf([header, `${row},more`, row.slice(row.indexOf(',') + 1), row, ''].join('\n')));
  assert.deepEqual([found.accepted, found.rejected], [1, 2]);
  assert.equal(found.rejections[0]?.column, '(row)');
  assert.match(found.rejections[0]?.fix ?? '', /one value for each of the \d+ columns/);
});

test('behind a broken quote nothing is guessed: the file is told to have broken off there', async () => {
  const [header, row] = csvOf([charge()]).trimEnd().split('\n') as [string, string];
  for (const before of [0, 1, 3000])
    for (const broken of [`"open,${row}`, `"x"y,${row}`]) {
      const rows = (count: number) => Array.from({ length: count }, () => row);
      const found = await importFocus(fileOf([header, ...rows(before), broken, ...rows(40), ''].join('\n')));
      assert.equal(found.accepted, before);
      assert.equal(found.files[0]?.problem?.line, before + 2);
      assert.match(found.files[0]?.problem?.fix ?? '', /quote/);
    }
});

test('a file that is no FOCUS file is refused by its header', async () => {
  for (const [text, said] of [
    ['', /empty/],
    ['lineItem/UsageAmount,lineItem/UnblendedCost\n1,2\n', /no column BilledCost/],
    ['<html></html>', /not a FOCUS file/],
    [csvOf([charge()]).replace('ChargeClass', 'BilledCost'), /BilledCost is there twice/],
  ] as const) {
    const found = await importFocus(fileOf(text));
    assert.equal(found.rows, 0);
    assert.match(found.files[0]?.problem?.found ?? '', said);
  }
});

test('an AWS cost and usage report is told apart from FOCUS, with what to export instead', async () => {
  for (const header of [
    'line_item_usage_account_id,line_item_unblended_cost',
    'lineItem/UsageAccountId,lineItem/UnblendedCost',
  ])
    assert.match((await importFocus(fileOf(`${header}\n1,2\n`))).files[0]?.problem?.fix ?? '', /FOCUS_1_2_AWS/);
});

test('a byte order mark, odd case of a column id and Windows line ends do not matter', async () => {
  const text = csvOf([charge()]).replace('EffectiveCost', 'effectivecost').replaceAll('\n', '\r\n');
  assert.equal((await importFocus(fileOf(`\uFEFF${text}`))).accepted, 1);
});

test('the version is the newest whose columns are there; absent mandatory columns are named', async () => {
  const version = async (over: Charge) => (await importFocus(csvFile([charge(over)]))).files[0]?.version;
  assert.equal(await version({}), '1.0');
  assert.equal(await version({ SkuMeter: '' }), '1.1');
  assert.equal(await version({ SkuMeter: '', InvoiceId: '' }), '1.2');
  assert.equal(await version({ ServiceProviderName: '' }), '1.3');
  const { PublisherName: _, ...without } = CHARGE;
  assert.deepEqual((await importFocus(csvFile([without]))).files[0]?.absentColumns, ['PublisherName']);
});

test('compressed files are read; a damaged one is told, and what came before it counts', async () => {
  assert.equal((await importFocus(csvFile([charge()], 'bill.csv.gz'))).accepted, 1);
  const whole = gzipSync(csvOf(Array.from({ length: 5000 }, (_, i) => charge({ ResourceId: `i-${i * 7919}` }))));
  const found = await importFocus(fileOf(whole.subarray(0, whole.length / 2), 'bill.csv.gz'));
  assert.ok(found.accepted > 0 && found.accepted < 5000);
  assert.match(found.files[0]?.problem?.fix ?? '', /fetch the file again/);
});

test('of an export that keeps its deliveries only the newest of a month is read', async () => {
  const root = freshFolder();
  const at = (path: string, cost: string) => csvFile([charge({ BilledCost: cost })], path, root);
  at('exp/data/BILLING_PERIOD=2025-01/20250105T000000Z-a/exp-00001.csv.gz', '100');
  at('exp/data/BILLING_PERIOD=2025-01/20250109T000000Z-b/exp-00001.csv.gz', '1');
  at('exp/data/BILLING_PERIOD=2025-01/20250109T000000Z-b/exp-00002.csv.gz', '2');
  at('exp/data/BILLING_PERIOD=2025-02/exp-00001.csv', '4');
  fileOf('{}', 'exp/metadata/BILLING_PERIOD=2025-01/exp-Manifest.json', root);
  fileOf('PK', 'exp/old.zip', root);
  const found = await importFocus(root);
  assert.equal(found.totals[0]?.file.BilledCost, '7');
  assert.equal(found.files.length, 3);
  assert.deepEqual(found.passedOver.map((p) => p.reason).sort(), [
    'superseded by 20250109T000000Z-b',
    'unpack it first',
  ]);
});

test('a path that is not there is one clear sentence', async () => {
  await assert.rejects(importFocus('/nowhere/bill.csv'), /\/nowhere\/bill\.csv is not there; name a FOCUS file/);
});
