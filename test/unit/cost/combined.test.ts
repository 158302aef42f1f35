import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combineCosts } from '../../../providers/cost/combined/index.ts';
import type { CostPort } from '../../../ports/cost.ts';
import type { AssetCost } from '../../../schemas/cost.ts';

const cost = (monthlyRunRate: string, currency = 'USD'): AssetCost => ({
  ResourceId: 'i-1',
  SubAccountId: '1',
  RegionId: null,
  ServiceName: null,
  BillingCurrency: currency,
  ChargePeriodStart: '2026-01-01T00:00:00.000Z',
  ChargePeriodEnd: '2026-01-15T00:00:00.000Z',
  BilledCost: '0',
  EffectiveCost: '0',
  CommitmentDiscountType: null,
  CommitmentDiscountId: null,
  commitmentCoverage: 0,
  commitmentEndsAt: null,
  monthlyRunRate,
  basis: 'billed',
  dailyTrend: [],
});

const source = (vendor: string, rows: Record<string, AssetCost>, down = false): CostPort => ({
  vendor,
  async accountCosts({ accountId }) {
    if (down) throw new Error(`${vendor} is down`);
    return {
      accountId,
      byResource: new Map(Object.entries(rows)),
      rejected: [],
      accountTrend: [{ date: '2026-01-01', amount: '1', currency: 'USD' }],
      requests: 1,
    };
  },
  check: async () => 'ok',
});

const ask = { accountId: '1', asOf: '2026-01-15' };

test('the first source is believed; a second that clearly differs is named beside it', async () => {
  const both = combineCosts(
    [source('a', { x: cost('100') }), source('b', { x: cost('115'), y: cost('7') })],
    () => true,
  );
  const { byResource, requests } = await both.accountCosts(ask);
  assert.equal(byResource.get('x')?.monthlyRunRate, '100');
  assert.deepEqual(byResource.get('x')?.disagreement, { source: 'b', monthlyRunRate: '115' });
  assert.equal(byResource.get('y')?.monthlyRunRate, '7');
  assert.equal(requests, 2);
});

test('rounding and fees are no disagreement, another currency is', async () => {
  const near = combineCosts([source('a', { x: cost('100') }), source('b', { x: cost('110') })], () => true);
  assert.equal((await near.accountCosts(ask)).byResource.get('x')?.disagreement, undefined);
  const foreign = combineCosts([source('a', { x: cost('100') }), source('b', { x: cost('100', 'EUR') })], () => true);
  assert.ok((await foreign.accountCosts(ask)).byResource.get('x')?.disagreement);
});

test('only the sources that cover an account are asked; without one it says what to add', async () => {
  const sources = [source('a', {}, true), source('b', { x: cost('1') })];
  const some = combineCosts(sources, (s) => s.vendor === 'b');
  assert.equal((await some.accountCosts(ask)).byResource.size, 1);
  await assert.rejects(
    combineCosts(sources, () => false).accountCosts(ask),
    /no configured cost source covers account 1/,
  );
});

test('a source that is down fails the whole: half a bill is no bill', async () => {
  await assert.rejects(
    combineCosts([source('a', {}), source('b', {}, true)], () => true).accountCosts(ask),
    /b is down/,
  );
});
