import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { isProviderError } from '../../../ports/errors.ts';
import { importFocus } from '../../../providers/cost/focus/import.ts';
import { createFocusCost } from '../../../providers/cost/focus/index.ts';
import { type Charge, charge, csvFile, csvOf, fileOf, freshFolder } from './files.ts';

const DAY = 86_400_000;
const ACCOUNT = '111122223333';
const SUB = '0a1b2c3d-0000-4000-8000-00000000abcd';
const dayOf = (n: number) => new Date(Date.UTC(2025, 0, n)).toISOString();
const DAYS = Array.from({ length: 20 }, (_, i) => i + 1);
const daily = (over: Charge = {}, days: readonly number[] = DAYS): Charge[] =>
  days.map((n) =>
    charge({
      BilledCost: '2.4',
      EffectiveCost: '2.4',
      ChargePeriodStart: dayOf(n),
      ChargePeriodEnd: dayOf(n + 1),
      ...over,
    }),
  );
const costs = (path: string, accountId = ACCOUNT) =>
  createFocusCost({
    config: { currency: 'USD', focus: { path, staleAfter: 3 * DAY } },
    clock: () => Date.parse(dayOf(21)),
  }).accountCosts({ accountId, asOf: dayOf(21) });
const rate = async (path: string, key: string, accountId = ACCOUNT) =>
  (await costs(path, accountId)).byResource.get(key)?.monthlyRunRate;

// Recorded wrong: what Microsoft, Amazon and Google write in SubAccountId.
const ACCOUNTS: readonly (readonly [account: string, spelling: string])[] = [
  [SUB, `/subscriptions/${SUB}`],
  [SUB, `/Subscriptions/${SUB.toUpperCase()}/`],
  [SUB, SUB.toUpperCase()],
  [ACCOUNT, '1111-2222-3333'],
  ['my-project-1', 'projects/my-project-1'],
  ['example.com:my-project', 'example.com:my-project'],
];
for (const [account, spelling] of ACCOUNTS)
  test(`SubAccountId ${spelling} is account ${account}`, async () => {
    assert.equal(await rate(csvFile(daily({ SubAccountId: spelling })), 'i-1', account), '73');
  });

test('an account of which a spreadsheet took the zeros is told, not guessed', async () => {
  await assert.rejects(
    costs(csvFile(daily({ SubAccountId: '11122223333' })), '011122223333'),
    (error) => isProviderError(error, 'not-found') && /leading zeros/.test(error.message),
  );
  await assert.rejects(costs(csvFile(daily()), '444455556666'), /the bill has 111122223333/);
});

test('rows of one resource meet, however each of them spells it', async () => {
  const half = (over: Charge) => daily({ BilledCost: '1.2', EffectiveCost: '1.2', ...over });
  const vm = `/subscriptions/${SUB}/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/VM`;
  const path = csvFile([
    ...half({ ResourceId: 'i-0abc' }),
    ...half({ ResourceId: `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-0abc`, RegionId: '' }),
    ...half({ ResourceId: vm, SubAccountId: SUB }),
    ...half({ ResourceId: `${vm.toLowerCase()}/`, SubAccountId: `/subscriptions/${SUB}` }),
  ]);
  assert.equal(await rate(path, 'i-0abc'), '73');
  assert.equal(await rate(path, vm.toLowerCase(), SUB), '73');
});

const CUR: Charge = {
  bill_payer_account_id: '999999999999',
  bill_billing_period_start_date: '2025-01-01T00:00:00Z',
  bill_billing_period_end_date: '2025-02-01T00:00:00Z',
  line_item_usage_account_id: ACCOUNT,
  line_item_currency_code: 'USD',
  line_item_resource_id: 'i-0abc',
  product_region_code: 'eu-west-1',
};
const item = (type: string, cost: string, days = DAYS): Charge[] =>
  days.map((n) => ({
    ...CUR,
    line_item_line_item_type: type,
    line_item_usage_start_date: dayOf(n),
    line_item_usage_end_date: dayOf(n + 1),
    line_item_unblended_cost: cost,
  }));

// Names seen in real bills; the last is of a programme nobody has heard of yet.
const DISCOUNTS = [
  'EdpDiscount',
  'SppDiscount',
  'RiVolumeDiscount',
  'DistributorDiscount',
  'Discount',
  'CrossServiceDiscount',
  'BundledDiscount',
  'PrivateRateDiscount',
  'NextProgrammeDiscount',
];
for (const type of DISCOUNTS)
  test(`${type} lowers what the resource costs`, async () => {
    assert.equal(await rate(csvFile([...item('Usage', '2.4'), ...item(type, '-0.4')]), 'i-0abc'), '60.8333');
  });
for (const type of ['Credit', 'Refund', 'Tax'])
  test(`${type} does not: it does not come back tomorrow`, async () => {
    assert.equal(await rate(csvFile([...item('Usage', '2.4'), ...item(type, '-0.4')]), 'i-0abc'), '73');
  });

test('a line type nobody knows takes the others of its resource along, and says so', async () => {
  const { byResource, rejected } = await costs(csvFile([...item('Usage', '2.4'), ...item('Surprise', '-0.4', [3])]));
  assert.equal(byResource.size, 0);
  assert.deepEqual(
    [rejected[0]?.resourceId, rejected[0]?.field, rejected[0]?.found],
    ['i-0abc', 'line_item_line_item_type', 'Surprise'],
  );
  assert.match(rejected[0]?.reason ?? '', /its other 20 charges are left out with it/);
  assert.match(rejected[0]?.fix ?? '', /use one of .*or a name that ends with Discount/);
});

test('a refused row that is no part of the running cost, or is dust, takes nothing along', async () => {
  const path = csvFile([
    ...daily(),
    ...daily({ ChargeCategory: 'Tax', BillingPeriodEnd: 'soon' }, [4]),
    ...daily({ BilledCost: '-0.000000001', EffectiveCost: '0', ListCost: '?' }, [5]),
  ]);
  const { byResource, rejected } = await costs(path);
  assert.equal(byResource.get('i-1')?.monthlyRunRate, '73');
  assert.equal(rejected.length, 2);
});

test('dust below zero is nothing; more than dust is doubted', async () => {
  const { byResource } = await costs(
    csvFile([
      ...daily(),
      ...daily({ ResourceId: 'dust', BilledCost: '-1e-9', EffectiveCost: '-0.000000001' }),
      ...daily({ ResourceId: 'woken', BilledCost: '0.000001', EffectiveCost: '0.000001' }, DAYS.slice(0, 18)),
      ...daily({ ResourceId: 'woken' }, DAYS.slice(18)),
      ...daily({ ResourceId: 'minus', BilledCost: '-0.02', EffectiveCost: '-0.02' }),
    ]),
  );
  assert.deepEqual([...byResource.keys()].sort(), ['dust', 'i-1', 'woken']);
  assert.equal(byResource.get('dust')?.monthlyRunRate, '0');
  assert.ok(byResource.get('dust')?.dailyTrend.every((day) => day === null || day === '0'));
});

const utf16 = (text: string, order: 'le' | 'be', mark = true) => {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};
const TEXT = csvOf(daily());
const separated = (mark: string) =>
  TEXT.split('\n')
    .map((line) => line.replace(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/g, mark))
    .join('\n');
const CONTENTS: readonly (readonly [what: string, name: string, content: string | Uint8Array])[] = [
  ['capitals in the ending', 'BILL.CSV', TEXT],
  ['gzip in capitals', 'Bill.Csv.GZ', gzipSync(TEXT)],
  ['gzip without its ending', 'bill.csv', gzipSync(TEXT)],
  ['no ending at all', 'part-0000', TEXT],
  ['gzip and no ending', 'part-0000', gzipSync(TEXT)],
  ['plain text called gzip', 'bill.csv.gz', TEXT],
  ['text called Parquet', 'bill.parquet', TEXT],
  ['a byte order mark', 'bill.csv', `\uFEFF${TEXT}`],
  ['UTF-16, little end first', 'bill.csv', utf16(TEXT, 'le')],
  ['UTF-16, big end first', 'bill.csv', utf16(TEXT, 'be')],
  ['UTF-16 without a mark', 'bill.csv', utf16(TEXT, 'le', false)],
  ['UTF-16 in gzip', 'bill.csv', gzipSync(utf16(TEXT, 'be'))],
  ['semicolons', 'bill.csv', separated(';')],
  ['tabs', 'bill.tsv', separated('\t')],
  ['bars', 'bill.txt', separated('|')],
];
for (const [what, name, content] of CONTENTS)
  test(`a bill is recognised by its content: ${what}`, async () => {
    const root = freshFolder();
    const file = fileOf(content, name, root);
    for (const path of [root, file]) {
      const found = await importFocus(path);
      assert.deepEqual([found.files.length, found.accepted, found.rejected], [1, 20, 0], JSON.stringify(found.files));
      assert.equal(found.totals[0]?.accepted.BilledCost, '48');
    }
  });

test('a Parquet file is one under any name', async () => {
  const file = join(freshFolder(), 'PART-0.Snappy');
  const rows = daily();
  const columnData = Object.keys(rows[0] as Charge).map((name) => ({
    name,
    data: rows.map((row) => row[name] as string),
    type: 'STRING' as const,
  }));
  parquetWriteFile({ filename: file, columnData });
  assert.equal((await importFocus(file)).accepted, 20);
});

test('what is packed otherwise, or is another table, is passed over with the reason', async () => {
  const root = freshFolder();
  csvFile(daily(), 'bill.csv', root);
  fileOf(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'bill.csv.backup', root);
  fileOf(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0]), 'bill.zst', root);
  fileOf('name,price\na,1\n', 'prices.txt', root);
  fileOf('{"files":[]}', 'manifest.json', root);
  const found = await importFocus(root);
  assert.equal(found.accepted, 20);
  assert.deepEqual(found.passedOver.map((p) => p.reason).sort(), [
    'its first line names no columns of a bill',
    'unpack it first',
    'unpack it first',
  ]);
});

test('a currency in small letters is the currency; two currencies are told', async () => {
  const { byResource, rejected } = await costs(
    csvFile([...daily({ BillingCurrency: 'usd' }), ...daily({ ResourceId: 'i-2', BillingCurrency: 'EUR' })]),
  );
  assert.deepEqual([...byResource.keys()], ['i-1']);
  assert.match(rejected.map((r) => r.fix).join(' '), /amounts are never converted/);
});

const CASES = fileURLToPath(new URL('../../../../shared/data/cases/bills/', import.meta.url));
const skip = existsSync(CASES) ? false : 'not run: the public cases are not beside the repository';
test('the public bills cost what their README says', { skip }, async () => {
  const at = async (file: string, accountId: string) => {
    const port = createFocusCost({
      config: { currency: 'USD', focus: { path: join(CASES, file), staleAfter: 3 * DAY } },
      clock: () => Date.parse('2026-05-21T06:00:00Z'),
    });
    return (await port.accountCosts({ accountId, asOf: '2026-05-21T00:00:00.000Z' })).byResource;
  };
  const sub = '00000000-0000-0000-0000-000000000001';
  const vm = `/subscriptions/${sub}/resourcegroups/rg-web/providers/microsoft.compute/virtualmachines/vm-1`;
  assert.equal((await at('azure-focus-subaccount.csv', sub)).get(vm)?.monthlyRunRate, '73');
  assert.equal(Number((await at('cur-discount.csv', ACCOUNT)).get('i-0abc')?.monthlyRunRate).toFixed(2), '65.17');
});
