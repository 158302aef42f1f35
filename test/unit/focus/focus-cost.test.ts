import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createFocusCost } from '../../../providers/cost/focus/index.ts';
import { costKeys } from '../../../domain/cloud-ids/index.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { AssetCost } from '../../../schemas/cost.ts';
import { type Charge, charge, csvFile, csvOf, freshFolder } from './files.ts';

const ACCOUNT = '111122223333';
const DAY = 86_400_000;
const WEEK = 7 * DAY;
const AS_OF = '2025-02-01T06:00:00.000Z';
const day = (n: number) => new Date(Date.parse('2025-01-01') + (n - 1) * DAY).toISOString();

/** One charge for each of these days of January. */
function daily(days: readonly number[], over: Charge = {}): Charge[] {
  return days.map((n) => charge({ ChargePeriodStart: day(n), ChargePeriodEnd: day(n + 1), ...over }));
}
const JANUARY = Array.from({ length: 31 }, (_, i) => i + 1);

function portOn(path: string) {
  return createFocusCost({
    config: { currency: 'USD', focus: { path, staleAfter: WEEK } },
  });
}

function costsOf(charges: readonly Charge[], asOf = AS_OF) {
  return portOn(csvFile(charges)).accountCosts({ accountId: ACCOUNT, asOf });
}

test('run-rate, trend and account total of a plain resource, in the shape every cost source has', async () => {
  const { byResource, accountTrend, requests, rejected } = await costsOf([
    ...daily(JANUARY, { EffectiveCost: '2.4', BilledCost: '2' }),
    ...daily(JANUARY, { EffectiveCost: '0.6', ResourceId: '' }),
  ]);
  const cost = AssetCost.parse(byResource.get('i-1'));
  assert.equal(cost.monthlyRunRate, '73');
  assert.equal(cost.EffectiveCost, '33.6');
  assert.equal(cost.BilledCost, '28');
  assert.equal(cost.ChargePeriodEnd, '2025-02-01T00:00:00.000Z');
  assert.deepEqual([cost.RegionId, cost.ServiceName, cost.basis], ['eu-west-1', 'Amazon EC2', 'billed']);
  assert.equal(cost.dailyTrend.length, 90);
  assert.deepEqual([cost.dailyTrend.at(-1), cost.dailyTrend.at(-31), cost.dailyTrend.at(-32)], ['2.4', '2.4', null]);
  assert.deepEqual(accountTrend.at(-1), { date: '2025-01-31', amount: '3', currency: 'USD' });
  assert.equal(accountTrend.length, 31);
  assert.deepEqual([requests, rejected.length, byResource.size], [0, 0, 1]);
});

test('hourly charges add up by day, and one that spans days is shared by the time on each', async () => {
  const hours = Array.from({ length: 24 }, (_, h) =>
    charge({
      ChargePeriodStart: new Date(Date.parse(day(31)) + h * 3_600_000).toISOString(),
      ChargePeriodEnd: new Date(Date.parse(day(31)) + (h + 1) * 3_600_000).toISOString(),
      EffectiveCost: '0.1',
    }),
  );
  const month = charge({ ResourceId: 'eip', ChargePeriodStart: day(1), ChargePeriodEnd: day(32), EffectiveCost: '31' });
  const { byResource } = await costsOf([...hours, month]);
  assert.equal(byResource.get('i-1')?.dailyTrend.at(-1), '2.4');
  assert.equal(Number(byResource.get('eip')?.dailyTrend.at(-1)), 1);
  assert.equal(Number(byResource.get('eip')?.EffectiveCost).toFixed(9), '14.000000000');
});

test('what comes on top of running is not run-rate: credits, taxes, adjustments, one-time purchases', async () => {
  const extra = ['Credit', 'Tax', 'Adjustment', 'Purchase'].flatMap((ChargeCategory) =>
    daily([30], { ChargeCategory, ChargeFrequency: 'One-Time', EffectiveCost: '-50' }),
  );
  const { byResource } = await costsOf([...daily(JANUARY), ...extra]);
  assert.equal(byResource.get('i-1')?.EffectiveCost, '17.5');
});

test('a commitment: coverage, kind, id, and its end from the purchase when that is in the bill', async () => {
  const used = { CommitmentDiscountId: 'sp-1', CommitmentDiscountStatus: 'Used', CommitmentDiscountCategory: 'Spend' };
  const { byResource } = await costsOf([
    ...daily(JANUARY, { ...used, EffectiveCost: '3' }),
    ...daily(JANUARY, { EffectiveCost: '1' }),
    ...daily(JANUARY, { ...used, CommitmentDiscountType: 'Reserved Instance', ResourceId: 'i-2' }),
    ...daily(JANUARY, { ...used, CommitmentDiscountCategory: '', CommitmentDiscountType: 'CUD', ResourceId: 'i-3' }),
    charge({
      ChargeCategory: 'Purchase',
      ChargeFrequency: 'One-Time',
      ResourceId: 'sp-1',
      CommitmentDiscountId: 'sp-1',
      ChargePeriodStart: '2024-06-01',
      ChargePeriodEnd: '2025-06-01',
      EffectiveCost: '0',
    }),
  ]);
  const cost = byResource.get('i-1');
  assert.deepEqual(
    [cost?.commitmentCoverage, cost?.CommitmentDiscountType, cost?.CommitmentDiscountId, cost?.commitmentEndsAt],
    [0.75, 'savings-plan', 'sp-1', '2025-06-01T00:00:00.000Z'],
  );
  assert.equal(byResource.get('i-2')?.CommitmentDiscountType, 'reservation');
  assert.deepEqual(
    [byResource.get('i-3')?.CommitmentDiscountType, byResource.get('i-3')?.commitmentCoverage],
    [null, 1],
  );
});

test('unused commitment covers nothing', async () => {
  const unused = { CommitmentDiscountId: 'ri', CommitmentDiscountStatus: 'Unused', ResourceId: 'ri' };
  const { byResource } = await costsOf(daily(JANUARY, unused));
  assert.equal(byResource.get('ri')?.commitmentCoverage, 0);
  assert.equal(byResource.get('ri')?.CommitmentDiscountId, null);
});

test('a bill that lags is not read as savings: the window ends where the account’s charges end', async () => {
  const until28 = JANUARY.slice(0, 28);
  const { byResource, accountTrend } = await costsOf([
    ...daily(until28, { EffectiveCost: '2' }),
    // Billed for the whole month in advance: says nothing about how far the meter has got.
    charge({ ResourceId: 'eip', ChargePeriodStart: day(1), ChargePeriodEnd: day(32) }),
  ]);
  assert.equal(byResource.get('i-1')?.ChargePeriodEnd, day(29));
  assert.equal(byResource.get('i-1')?.monthlyRunRate, '60.8333');
  assert.equal(accountTrend.at(-1)?.date, '2025-01-28');
});

test('the last day counts only when it is complete', async () => {
  const noon = charge({ ChargePeriodStart: day(31), ChargePeriodEnd: '2025-01-31T12:00:00Z' });
  const { accountTrend } = await costsOf([...daily(JANUARY.slice(0, 30)), noon]);
  assert.equal(accountTrend.at(-1)?.date, '2025-01-30');
});

test('created inside the window: the partial first day is left out; stopped inside it: later days are zero', async () => {
  const { byResource } = await costsOf([
    ...daily(JANUARY),
    ...daily([24], { ResourceId: 'young', EffectiveCost: '0.2' }),
    ...daily([25, 26, 27, 28, 29, 30, 31], { ResourceId: 'young', EffectiveCost: '2.4' }),
    ...daily(JANUARY.slice(0, 24), { ResourceId: 'stopped', EffectiveCost: '2' }),
  ]);
  assert.equal(byResource.get('young')?.monthlyRunRate, '73');
  // 7 of the 14 days at 2.
  assert.equal(byResource.get('stopped')?.monthlyRunRate, '30.4167');
  assert.equal(byResource.get('stopped')?.dailyTrend.at(-1), null);
});

test('doubtful resources are left out whole and named: other currency, below zero, a jump, a rejected row', async () => {
  const { byResource, rejected } = await costsOf([
    ...daily(JANUARY),
    ...daily(JANUARY, { ResourceId: 'euro', BillingCurrency: 'EUR' }),
    ...daily(JANUARY, { ResourceId: 'negative' }),
    ...daily([30], { ResourceId: 'negative', EffectiveCost: '-9' }),
    ...daily(JANUARY.slice(0, 30), { ResourceId: 'jump', EffectiveCost: '1' }),
    ...daily([31], { ResourceId: 'jump', EffectiveCost: '11' }),
    ...daily(JANUARY, { ResourceId: 'broken' }),
    ...daily([31], { ResourceId: 'broken', EffectiveCost: 'x' }),
  ]);
  assert.deepEqual([...byResource.keys()], ['i-1']);
  const reasons = new Map(rejected.map((r) => [r.resourceId, r.reason]));
  assert.match(reasons.get('euro') ?? '', /EUR instead of USD/);
  assert.match(reasons.get('negative') ?? '', /negative amount on 2025-01-30/);
  assert.match(reasons.get('jump') ?? '', /more than 10 times the day before on 2025-01-31/);
  assert.match(reasons.get('broken') ?? '', /bill\.csv:\d+: EffectiveCost is "x"/);
  assert.match(reasons.get(ACCOUNT) ?? '', /charges in EUR/);
});

const REFUSALS = [
  [
    'an account that is not in the bill',
    daily(JANUARY, { SubAccountId: '444455556666' }),
    'not-found',
    /no charge of account 111122223333/,
  ],
  ['a bill that is too old', daily(JANUARY.slice(0, 20)), 'not-found', /ends with 2025-01-20; bring a newer export/],
] as const;
for (const [what, charges, kind, message] of REFUSALS)
  test(`${what} is an error, never zero`, async () => {
    await assert.rejects(costsOf(charges), (e) => isProviderError(e, kind) && message.test(e.message));
  });

test('half a bill is no bill', async () => {
  const path = csvFile(daily(JANUARY));
  writeFileSync(path, `${csvOf(daily(JANUARY))}"open\n`);
  await assert.rejects(portOn(path).accountCosts({ accountId: ACCOUNT, asOf: AS_OF }), (e) =>
    isProviderError(e, 'malformed'),
  );
});

test('a folder that is not there, or empty, says so; the check names what it found', async () => {
  await assert.rejects(portOn('/nowhere').check(), /\/nowhere is not there/);
  await assert.rejects(portOn(freshFolder()).check(), (e) => isProviderError(e, 'not-found'));
  assert.equal(await portOn(csvFile(daily([1]))).check(), '1 FOCUS file; bill.csv is version 1.0');
});

test('a newer delivery is noticed without a restart', async () => {
  const path = csvFile(daily(JANUARY.slice(0, 30)));
  const port = portOn(path);
  const last = async () => (await port.accountCosts({ accountId: ACCOUNT, asOf: AS_OF })).accountTrend.at(-1)?.date;
  assert.equal(await last(), '2025-01-30');
  writeFileSync(path, csvOf(daily(JANUARY)));
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
  assert.equal(await last(), '2025-01-31');
});

test('an asset is found by its id or by its ARN, as the bill spells it', async () => {
  const assetKey = `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-9`;
  const { byResource } = await costsOf(daily(JANUARY, { ResourceId: assetKey }));
  assert.ok(costKeys({ assetKey, resourceId: 'i-9' }).some((key) => byResource.has(key)));
});

test('a mistyped year spoils its own resource and nothing else', async () => {
  const { byResource, rejected } = await costsOf([
    charge({ ResourceId: 'typo', ChargePeriodStart: '2205-01-30', ChargePeriodEnd: '2205-01-31' }),
    ...daily(JANUARY, { EffectiveCost: '2.4' }),
    ...daily(JANUARY, { ResourceId: 'typo' }),
  ]);
  assert.equal(byResource.get('i-1')?.monthlyRunRate, '73');
  assert.equal(byResource.has('typo'), false);
  assert.match(rejected[0]?.reason ?? '', /bill\.csv:2: ChargePeriodStart is "2205.*still to come/);
});

test('years of history in one file do not grow the trend', async () => {
  const old = Array.from({ length: 400 }, (_, i) => 31 - 399 + i);
  const { byResource, accountTrend } = await costsOf([
    ...daily(old),
    ...daily(old.slice(0, 50), { ResourceId: 'gone' }),
  ]);
  assert.equal(byResource.get('i-1')?.dailyTrend.filter((d) => d !== null).length, 90);
  assert.equal(accountTrend.length, 90);
  assert.equal(byResource.has('gone'), false);
});
