import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal } from 'decimal.js';
import { billKey, costKeys } from '../../../domain/cloud-ids/index.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import { AssetCost } from '../../../schemas/cost.ts';
import { ACCOUNT, asset, OTHER_ACCOUNT } from '../../helpers/aws.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { billRig, DAY, isoDay, rigOf, variety } from './bill-rig.ts';
import { startVantage } from './vantage-rig.ts';

describe('Vantage costs', () => {
  it('states run-rate, totals, place and coverage of every billed asset, in decimals', async (t) => {
    const rig = billRig(variety());
    const { port } = await startVantage(t, rig.bill);
    const { byResource, accountTrend } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    for (const cost of byResource.values()) AssetCost.parse(cost);
    const plain = byResource.get(rig.idOf('plain'));
    assert.equal(plain?.monthlyRunRate, '73');
    assert.equal(plain?.EffectiveCost, '33.6');
    assert.equal(plain?.BilledCost, '33.6');
    assert.equal(plain?.RegionId, 'us-east-1');
    assert.equal(plain?.ServiceName, 'Amazon Elastic Compute Cloud - Compute');
    assert.equal(plain?.CommitmentDiscountType, null);
    const reserved = byResource.get(rig.idOf('reserved'));
    assert.equal(reserved?.CommitmentDiscountType, 'reservation');
    assert.equal(reserved?.commitmentCoverage, 0.75);
    assert.equal(reserved?.EffectiveCost, '33.6');
    assert.equal(reserved?.BilledCost, '8.4');
    const planned = byResource.get(rig.idOf('planned'));
    assert.equal(planned?.CommitmentDiscountType, 'savings-plan');
    assert.equal(planned?.commitmentCoverage, 1);
    assert.equal(planned?.BilledCost, '0');
    assert.equal(planned?.CommitmentDiscountId, null, 'Vantage does not say which commitment it was');
    assert.ok(Math.abs(Date.parse(planned?.commitmentEndsAt ?? '') - Date.parse(rig.now()) - 200 * DAY) < DAY);
    const ip = rig.estate.assets.find((a) => a.name === 'ip');
    assert.ok(ip && costKeys(ip).some((key) => byResource.get(key)?.monthlyRunRate === '3.65'));
    assert.ok(!byResource.has(rig.idOf('unbilled')), 'no row is unknown, not zero');
    assert.equal(byResource.get(rig.idOf('fresh'))?.monthlyRunRate, '73', 'the partial first day does not count');
    assert.equal(accountTrend.length, 90);
    assert.equal(accountTrend.at(-1)?.date, isoDay(Date.parse(rig.now()) - DAY));
  });

  it('reads 90 days of a resource at once, and later only what is new', async (t) => {
    const rig = billRig(variety());
    const { port } = await startVantage(t, rig.bill);
    const first = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    const trend = first.byResource.get(rig.idOf('plain'))?.dailyTrend ?? [];
    assert.equal(trend.length, 90);
    // Created 60 days ago: nothing was billed before.
    assert.equal(trend[29 - 1], null);
    assert.equal(trend[31], '2.4');
    assert.equal(trend.at(-1), '2.4');
    rig.advance(1);
    const second = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.ok(second.requests < first.requests, `${second.requests} of ${first.requests}`);
    assert.equal(second.byResource.get(rig.idOf('plain'))?.dailyTrend[31 - 1], '2.4');
  });

  it('adds up to the bill, to the last digit', async (t) => {
    const rig = rigOf(withSyntheticIds(buildEstate({ seed: 20_260_101 })));
    const { port } = await startVantage(t, rig.bill);
    for (const { accountId } of rig.estate.accounts) {
      const { byResource, accountTrend, rejected } = await port().accountCosts({ accountId, asOf: rig.now() });
      assert.deepEqual(rejected, []);
      const Exact = Decimal.clone({ precision: 100 });
      const total = (values: Iterable<string>) =>
        [...values].reduce((sum, value) => sum.plus(value), new Exact(0)).toFixed();
      const own = await rig.sum({ from: 14, to: 0 }, (r) => r.accountId === accountId && r.resourceId !== null);
      assert.equal(total([...byResource.values()].map((c) => c.EffectiveCost)), own);
      const all = await rig.sum({ from: 90, to: 0 }, (r) => r.accountId === accountId);
      assert.equal(total(accountTrend.map((d) => d.amount)), all);
      const trends = [...byResource.values()].flatMap((c) => c.dailyTrend.filter((v) => v !== null));
      const still = new Set(byResource.keys());
      const shown = (r: { accountId: string; resourceId: string | null }) => still.has(billKey(r.resourceId ?? ''));
      assert.equal(total(trends), await rig.sum({ from: 90, to: 0 }, shown));
    }
  });

  it('quarantines what cannot be true, with the reason, and keeps the rest', async (t) => {
    const kinds = ['negative', 'nan', 'currency', 'tenfold'] as const;
    const rig = billRig([...variety(), ...kinds.map((kind) => asset(`wrong-${kind}`))]);
    for (const kind of kinds) rig.misstate(`wrong-${kind}`, kind);
    const { port } = await startVantage(t, rig.bill);
    const { byResource, rejected } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    const reasons = new Map(rejected.map((r) => [r.resourceId, r.reason]));
    const words = [/negative/, /not a number/, /EUR instead of USD/, /10 times the day before/];
    kinds.forEach((kind, i) => {
      assert.match(reasons.get(rig.idOf(`wrong-${kind}`)) ?? '', words[i] as RegExp);
      assert.ok(!byResource.has(rig.idOf(`wrong-${kind}`)));
    });
    assert.equal(byResource.get(rig.idOf('plain'))?.monthlyRunRate, '73');
  });

  it('rejects a row of another shape with its field, and reads on', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startVantage(t, rig.bill);
    const day = isoDay(Date.parse(rig.now()) - DAY);
    const costs = [
      { accrued_at: 'yesterday', amount: '1', currency: 'USD', resource_id: 'i-broken' },
      { accrued_at: day, amount: 4.25, currency: 'USD', resource_id: 'i-number' },
      {
        accrued_at: `${day}+00:00`,
        amount: '4.25',
        currency: 'USD',
        resource_id: 'i-fine',
        news: { from: 'tomorrow' },
      },
    ];
    const responseBody = JSON.stringify({ links: {}, total_cost: { amount: '9.5', currency: 'USD' }, costs });
    sim.faults.push({ path: '/v2/costs', kind: 'status', status: 200, responseBody });
    const config = { commitmentCharges: { reservation: [], savingsPlan: [] }, backfill: false };
    const { byResource, rejected } = await port({ config }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.deepEqual([...byResource.keys()], ['i-fine']);
    const reasons = rejected.map((r) => `${r.resourceId} ${r.reason}`);
    assert.ok(reasons.some((r) => r.startsWith('i-broken field accrued_at')));
    assert.ok(reasons.some((r) => r.startsWith('i-number field amount')));
  });

  it('asks once a day, whoever asks', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startVantage(t, rig.bill);
    const one = port();
    const [first, joined] = await Promise.all([
      one.accountCosts({ accountId: ACCOUNT, asOf: rig.now() }),
      one.accountCosts({ accountId: ACCOUNT, asOf: rig.now() }),
    ]);
    const sent = sim.journal.entries().length;
    assert.equal(first.requests + joined.requests, sent);
    const again = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.equal(again.requests, 0);
    assert.equal(sim.journal.entries().length, sent);
    assert.deepEqual([...again.byResource], [...first.byResource]);
    assert.deepEqual(again.rejected, first.rejected);
  });

  it('shows the saving on the bill after a stop, and none for what a reservation goes on paying', async (t) => {
    const rig = billRig(variety());
    const { port } = await startVantage(t, rig.bill);
    const costs = () => port({ cache: memoryCache() }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    const before = (await costs()).accountTrend.at(-1)?.amount;
    rig.stop('plain');
    rig.stop('reserved');
    rig.advance(3);
    const { byResource, accountTrend } = await costs();
    assert.equal(byResource.get(rig.idOf('plain'))?.dailyTrend.at(-1), null);
    const saved = new Decimal(before ?? 0).minus(accountTrend.at(-1)?.amount ?? 0);
    assert.equal(saved.toFixed(), '3', '2.4 and a quarter of 2.4');
  });

  it('ends the window where the import ends, because a day that is not billed yet is no free day', async (t) => {
    const rig = billRig(variety());
    const { port } = await startVantage(t, rig.bill, { lagDays: 2 });
    const { byResource } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    const plain = byResource.get(rig.idOf('plain'));
    assert.equal(plain?.monthlyRunRate, '73');
    assert.equal(plain?.ChargePeriodEnd, `${isoDay(Date.parse(rig.now()) - 2 * DAY)}T00:00:00.000Z`);
    assert.equal(plain?.dailyTrend.at(-1), '2.4');
    const unfilled = port({ cache: memoryCache(), config: { backfill: false } });
    const { byResource: few } = await unfilled.accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.equal(few.get(rig.idOf('plain'))?.monthlyRunRate, '73', 'nor are days that nobody asked for free');
    assert.equal(few.get(rig.idOf('plain'))?.EffectiveCost, '28.8');
    const asked = `${isoDay(Date.parse(rig.now()) - 14 * DAY)}T00:00:00.000Z`;
    assert.equal(few.get(rig.idOf('plain'))?.ChargePeriodStart, asked);
  });

  it('says nothing from a bill that is too old, or of an account that is not there', async (t) => {
    const rig = billRig(variety());
    const late = await startVantage(t, rig.bill, { lagDays: 9 });
    await assert.rejects(late.port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() }), {
      kind: 'not-found',
      message: /ends with .*find out why it is not imported/,
    });
    const current = await startVantage(t, rig.bill);
    const nobody = { accountId: '999988887777', asOf: rig.now() };
    await assert.rejects(current.port().accountCosts(nobody), { kind: 'not-found', message: /connect that account/ });
    const sent = current.sim.journal.entries().length;
    await assert.rejects(current.port().accountCosts(nobody), { kind: 'not-found' });
    assert.equal(current.sim.journal.entries().length, sent, 'nor is it asked for again and again');
    await assert.rejects(current.port().accountCosts({ accountId: "x' OR '1'='1", asOf: rig.now() }), {
      kind: 'terminal',
      message: /is no AWS account/,
    });
  });

  it('needs few requests for a thousand assets', async (t) => {
    const rig = rigOf(buildScaleEstate(1_000));
    const { port } = await startVantage(t, rig.bill);
    const accountId = rig.estate.accounts[0]?.accountId ?? OTHER_ACCOUNT;
    const first = await port().accountCosts({ accountId, asOf: rig.now() });
    assert.equal(first.byResource.size, 1_000);
    rig.advance(1);
    const { requests } = await port().accountCosts({ accountId, asOf: rig.now() });
    t.diagnostic(`Vantage requests per 1,000 assets: ${first.requests} on the first day, ${requests} a day after that`);
    // 14,000 rows are three pages; one each for two kinds of commitment and the account's totals.
    assert.equal(requests, 6);
    assert.ok(first.requests <= 22);
  });
});
