import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from 'decimal.js';
import { isProviderError } from '../../../ports/errors.ts';
import { billOf, day, now } from './azure-gcp-bill.ts';
import { OTHER, SUBSCRIPTION, startAzure, vm, vmId } from './azure-rig.ts';

const BENEFIT = '/providers/microsoft.capacity/reservationorders/o/reservations/r-1';
const asked = { accountId: SUBSCRIPTION, asOf: now() };
const key = (name: string) => vmId(name).toLowerCase();

test('run-rate, totals and trend of an asset, found under its id in lower case', async () => {
  await using azure = await startAzure({ billRows: billOf('azure', [vm('Web-1', '2.4')]) });
  const { byResource, requests } = await azure.port().accountCosts(asked);
  assert.deepEqual([...byResource.keys()], [key('Web-1')]);
  const cost = byResource.get(key('Web-1'));
  assert.equal(cost?.monthlyRunRate, '73');
  assert.equal(cost?.EffectiveCost, '33.6');
  assert.equal(cost?.BilledCost, '33.6');
  assert.equal(cost?.SubAccountId, SUBSCRIPTION);
  assert.equal(cost?.CommitmentDiscountType, null);
  assert.equal(cost?.commitmentCoverage, 0);
  assert.equal(cost?.ChargePeriodEnd, `${day(0)}T00:00:00.000Z`);
  assert.equal(cost?.dailyTrend.length, 90);
  assert.deepEqual([cost?.dailyTrend.at(-1), cost?.dailyTrend[75]], ['2.4', null], 'older days were not asked for');
  assert.equal(requests, 2, 'nothing is committed, so nobody asks which commitment paid');
});

test('reservations and savings plans: share, kind, and which one paid', async () => {
  const things = [
    vm('covered', '1.8', { commitment: { type: 'reservation', id: BENEFIT } }),
    vm('covered', '0.6'),
    vm('planned', '3', { commitment: { type: 'savings-plan', id: 'plan-7' } }),
    vm('both', '1', { commitment: { type: 'reservation', id: BENEFIT } }),
    vm('both', '2', { commitment: { type: 'savings-plan', id: 'plan-7' } }),
  ];
  await using azure = await startAzure({ billRows: billOf('azure', things) });
  const { byResource, requests } = await azure.port().accountCosts(asked);
  const covered = byResource.get(key('covered'));
  assert.equal(covered?.CommitmentDiscountType, 'reservation');
  assert.equal(covered?.CommitmentDiscountId, BENEFIT);
  assert.equal(covered?.commitmentCoverage, 0.75);
  assert.equal(covered?.EffectiveCost, '33.6');
  assert.equal(covered?.BilledCost, '8.4', 'what the reservation covers was paid before');
  assert.equal(byResource.get(key('planned'))?.CommitmentDiscountType, 'savings-plan');
  assert.equal(byResource.get(key('planned'))?.CommitmentDiscountId, 'plan-7');
  assert.equal(byResource.get(key('both'))?.CommitmentDiscountType, 'savings-plan');
  assert.equal(byResource.get(key('both'))?.CommitmentDiscountId, null, 'which of the two it is, is not said');
  assert.equal(requests, 3);
});

test('what cannot be true is quarantined with its reason, and the rest goes on', async () => {
  const things = [
    vm('good', '2'),
    vm('negative', (ago) => (ago === 3 ? '-2' : '2')),
    vm('nan', (ago) => (ago === 3 ? 'NaN' : '2')),
    vm('currency', '2', { currency: 'EUR' }),
    vm('tenfold', (ago) => (ago === 1 ? '22' : '2')),
  ];
  await using azure = await startAzure({ billRows: billOf('azure', things) });
  const { byResource, rejected, accountTrend } = await azure.port().accountCosts(asked);
  const reasons = new Map(rejected.map((r) => [r.resourceId, r.reason]));
  assert.match(reasons.get(key('negative')) ?? '', /negative amount on/);
  assert.match(reasons.get(key('nan')) ?? '', /"NaN" is not a number on/);
  assert.match(reasons.get(key('currency')) ?? '', /EUR instead of USD/);
  assert.match(reasons.get(key('tenfold')) ?? '', /10 times the day before/);
  assert.deepEqual([...byResource.keys()], [key('good')]);
  assert.ok(!accountTrend.some((d) => d.date === day(3)), 'a day with an amount that is none has no total');
  assert.match(reasons.get(SUBSCRIPTION) ?? '', /not a number|EUR/);
});

test('the first day of a young asset is left out, and no row is unknown, not zero', async () => {
  const things = [vm('young', (ago) => (ago > 4 ? null : ago === 4 ? '0.3' : '2.4')), vm('old', '1')];
  await using azure = await startAzure({ billRows: billOf('azure', things) });
  const { byResource } = await azure.port().accountCosts(asked);
  assert.equal(byResource.get(key('young'))?.monthlyRunRate, '73');
  assert.deepEqual(byResource.get(key('young'))?.dailyTrend.slice(-6), [null, null, '0.3', '2.4', '2.4', '2.4']);
});

test('every page is read once, and the total is the source’s to the last digit', async () => {
  const digits = ['0.1234567890123456789', '1e-7', '19.545192349999998', '0.30000000000000004'];
  const things = digits.map((amount, i) => vm(`vm-${i}`, amount));
  const unused = { type: 'savings-plan', id: 'plan-7', unused: true } as const;
  things.push({ accountId: SUBSCRIPTION, resourceId: null, daily: '0.07', commitment: unused });
  things.push(vm('refund', '-4', { chargeType: 'refund' }), vm('tax', '9', { chargeType: 'tax' }));
  const bill = billOf('azure', things);
  await using azure = await startAzure({ billRows: bill, pageRows: 9 });
  const { byResource, accountTrend, rejected } = await azure.port().accountCosts(asked);
  const wanted = digits
    .reduce((sum, amount) => sum.plus(amount), new (Decimal.clone({ precision: 50 }))('0.07'))
    .toFixed();
  assert.equal(accountTrend.length, 90);
  assert.deepEqual([accountTrend[0]?.date, accountTrend.at(-1)?.date], [day(90), day(1)]);
  assert.ok(
    accountTrend.every((d) => d.amount === wanted),
    `${accountTrend[0]?.amount} instead of ${wanted}`,
  );
  for (const [i, amount] of digits.entries())
    assert.equal(byResource.get(key(`vm-${i}`))?.dailyTrend.at(-1), new Decimal(amount).toFixed());
  assert.deepEqual(rejected, []);
  const pages = azure.queries();
  assert.ok(pages.length > 15);
  assert.ok(pages.filter((p) => p.query.includes('skiptoken')).every((p) => p.status === 200));
});

test('a subscription is asked once a day, whoever asks, and apart from others', async () => {
  const things = [vm('a', '1'), vm('b', '5', { accountId: OTHER, resourceId: vmId('b', OTHER) })];
  await using azure = await startAzure({ billRows: billOf('azure', things) });
  const port = azure.port();
  const [first, second] = await Promise.all([port.accountCosts(asked), port.accountCosts(asked)]);
  assert.equal(first.requests + second.requests, azure.queries().length);
  assert.equal((await port.accountCosts(asked)).requests, 0);
  const other = await port.accountCosts({ ...asked, accountId: OTHER });
  assert.deepEqual([...other.byResource.keys()], [vmId('b', OTHER).toLowerCase()]);
  assert.equal(other.accountTrend.at(-1)?.amount, '5');
});

test('a bill that is behind is judged up to where it goes, and one that stopped is not', async () => {
  await using azure = await startAzure({ billRows: billOf('azure', [vm('a', '2.4')], { behindDays: 2 }) });
  const cost = (await azure.port().accountCosts(asked)).byResource.get(key('a'));
  assert.equal(cost?.monthlyRunRate, '73', 'days that are still to be billed are not free');
  assert.equal(cost?.ChargePeriodEnd, `${day(1)}T00:00:00.000Z`);
  await assert.rejects(azure.port({ staleAfter: 0 }).accountCosts(asked), /ends with/);
});

test('a subscription without costs is told so, and not asked again', async () => {
  await using azure = await startAzure({ billRows: billOf('azure', []) });
  const port = azure.port();
  for (let i = 0; i < 2; i++)
    await assert.rejects(
      port.accountCosts(asked),
      (e) => isProviderError(e, 'not-found') && /no charge/.test(e.message),
    );
  assert.equal(azure.queries().length, 2);
  assert.ok(azure.queries().every((q) => q.status === 204));
  assert.match(await port.check(), /no cost of yesterday/);
});

test('requests and quota for a thousand assets', async (t) => {
  const things = Array.from({ length: 1000 }, (_, i) =>
    vm(`vm-${i}`, '1.23', i % 10 === 0 ? { commitment: { type: 'reservation', id: BENEFIT } } : {}),
  );
  await using azure = await startAzure({
    billRows: billOf('azure', things),
    quotas: [{ name: 'x', units: 1e6, seconds: 1 }],
  });
  const { byResource, requests } = await azure.port().accountCosts(asked);
  assert.equal(byResource.size, 1000);
  assert.equal(requests, azure.queries().length);
  assert.ok(requests <= 5, `${requests} requests`);
  t.diagnostic(`${requests} requests and ${azure.simulator.azureCost.unitsSpent()} query units per 1,000 assets`);
});
