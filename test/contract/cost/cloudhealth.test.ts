import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal } from 'decimal.js';
import { costKeys } from '../../../domain/cloud-ids/index.ts';
import { buildEstate } from '../../../sandbox/estate/build.ts';
import { withSyntheticIds } from '../../../sandbox/estate/ids.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import { AssetCost } from '../../../schemas/cost.ts';
import { ACCOUNT, asset, OTHER_ACCOUNT } from '../../helpers/aws.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { billRig, DAY, isoDay, rigOf, variety } from './bill-rig.ts';
import { AWS_REPORT, startCloudHealth } from './cloudhealth-rig.ts';

const elsewhere = () => asset('elsewhere', { resourceType: 'AWS::EC2::Instance', accountId: OTHER_ACCOUNT });

describe('CloudHealth costs', () => {
  it('states run-rate, totals, place and commitment of every billed asset, in decimals', async (t) => {
    const rig = billRig(variety());
    const { port } = await startCloudHealth(t, rig.bill);
    const { byResource, accountTrend, rejected } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.deepEqual(rejected, []);
    for (const cost of byResource.values()) AssetCost.parse(cost);
    const plain = byResource.get(rig.idOf('plain'));
    assert.equal(plain?.monthlyRunRate, '73');
    assert.equal(plain?.EffectiveCost, '33.6');
    assert.equal(plain?.BilledCost, '33.6');
    assert.equal(plain?.RegionId, 'us-east-1');
    assert.equal(plain?.ServiceName, 'Amazon Elastic Compute Cloud - Compute');
    assert.equal(plain?.dailyTrend.filter((v) => v !== null).length, 60, 'it was created 60 days ago');
    const reserved = byResource.get(rig.idOf('reserved'));
    assert.equal(reserved?.CommitmentDiscountType, 'reservation');
    assert.match(reserved?.CommitmentDiscountId ?? '', /:reserved-instances\//);
    assert.equal(reserved?.commitmentCoverage, 0.75);
    assert.equal(reserved?.BilledCost, '8.4');
    assert.ok(Math.abs(Date.parse(reserved?.commitmentEndsAt ?? '') - Date.parse(rig.now()) - 200 * DAY) < DAY);
    const planned = byResource.get(rig.idOf('planned'));
    assert.equal(planned?.CommitmentDiscountType, 'savings-plan');
    assert.match(planned?.CommitmentDiscountId ?? '', /:savingsplan\//);
    assert.equal(planned?.BilledCost, '0');
    const ip = rig.estate.assets.find((a) => a.name === 'ip');
    assert.ok(ip && costKeys(ip).some((key) => byResource.get(key)?.monthlyRunRate === '3.65'));
    assert.ok(!byResource.has(rig.idOf('unbilled')), 'no row is unknown, not zero');
    assert.equal(byResource.get(rig.idOf('fresh'))?.monthlyRunRate, '73', 'the partial first day does not count');
    assert.equal(accountTrend.length, 90);
    assert.equal(accountTrend.at(-1)?.date, isoDay(Date.parse(rig.now()) - DAY));
  });

  it('adds up to the bill, to the last digit', async (t) => {
    const rig = rigOf(withSyntheticIds(buildEstate({ seed: 20_260_101 })));
    const { port } = await startCloudHealth(t, rig.bill, { fileRows: 500 });
    const Exact = Decimal.clone({ precision: 100 });
    const total = (values: Iterable<string>) =>
      [...values].reduce((sum, value) => sum.plus(value), new Exact(0)).toFixed();
    const one = port();
    for (const accountId of await accountsOf(rig.bill, rig.now())) {
      const { byResource, accountTrend, rejected } = await one.accountCosts({ accountId, asOf: rig.now() });
      assert.deepEqual(rejected, []);
      const own = await rig.sum({ from: 14, to: 0 }, (r) => r.accountId === accountId && r.resourceId !== null);
      assert.equal(total([...byResource.values()].map((c) => c.EffectiveCost)), own);
      const all = await rig.sum({ from: 90, to: 0 }, (r) => r.accountId === accountId);
      assert.equal(total(accountTrend.map((d) => d.amount)), all);
    }
  });

  it('brings every account of a report along with the first, keeps those that are ours, and asks once a day', async (t) => {
    const rig = billRig([...variety(), elsewhere()]);
    const { port, sim, cache } = await startCloudHealth(t, rig.bill);
    const one = port();
    const query = (accountId: string) => ({ accountId, asOf: rig.now() });
    const [first, joined] = await Promise.all([
      one.accountCosts(query(ACCOUNT)),
      one.accountCosts(query(OTHER_ACCOUNT)),
    ]);
    assert.equal(sim.runs(), 1);
    assert.ok(first.requests > 0 && joined.requests === 0);
    assert.equal(joined.byResource.get(rig.idOf('elsewhere'))?.monthlyRunRate, '73');
    const sent = sim.journal.entries().length;
    const again = await port().accountCosts(query(OTHER_ACCOUNT));
    assert.equal(again.requests, 0);
    assert.deepEqual([...again.byResource], [...joined.byResource]);
    assert.equal(sim.journal.entries().length, sent);
    assert.ok(cache);
    const own = memoryCache();
    await port({ cache: own, accounts: [ACCOUNT] }).accountCosts(query(ACCOUNT));
    assert.ok(own.keys().length > 0 && own.keys().every((key) => key.includes(ACCOUNT)));
  });

  it('quarantines what cannot be true, with the reason, and keeps the rest', async (t) => {
    const kinds = ['negative', 'nan', 'currency', 'tenfold'] as const;
    const rig = billRig([...variety(), ...kinds.map((kind) => asset(`wrong-${kind}`))]);
    for (const kind of kinds) rig.misstate(`wrong-${kind}`, kind);
    const { port } = await startCloudHealth(t, rig.bill);
    const { byResource, rejected } = await port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    const reasons = new Map(rejected.map((r) => [r.resourceId, r.reason]));
    const words = [/negative/, /not a number/, /EUR instead of USD/, /10 times the day before/];
    kinds.forEach((kind, i) => {
      assert.match(reasons.get(rig.idOf(`wrong-${kind}`)) ?? '', words[i] as RegExp);
      assert.ok(!byResource.has(rig.idOf(`wrong-${kind}`)));
    });
    assert.equal(byResource.get(rig.idOf('plain'))?.monthlyRunRate, '73');
  });

  it('shows the saving on the bill after a stop, and none for what a reservation goes on paying', async (t) => {
    const rig = billRig(variety());
    const { port } = await startCloudHealth(t, rig.bill);
    const config = { freshFor: 0 };
    const costs = () => port({ cache: memoryCache(), config }).accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    const before = (await costs()).accountTrend.at(-1)?.amount;
    rig.stop('plain');
    rig.stop('reserved');
    rig.advance(3);
    const { byResource, accountTrend } = await costs();
    assert.equal(byResource.get(rig.idOf('plain'))?.dailyTrend.at(-1), null);
    assert.equal(new Decimal(before ?? 0).minus(accountTrend.at(-1)?.amount ?? 0).toFixed(), '3');
  });

  it('counts only the days the report has, and refuses one that ends too early', async (t) => {
    const rig = billRig(variety());
    const short = await startCloudHealth(t, rig.bill, {
      reports: [{ ...AWS_REPORT, cloud: 'aws', name: 'R', days: 5 }],
    });
    const costs = await short.port().accountCosts({ accountId: ACCOUNT, asOf: rig.now() });
    assert.equal(costs.byResource.get(rig.idOf('plain'))?.monthlyRunRate, '73');
    assert.equal(costs.byResource.get(rig.idOf('plain'))?.EffectiveCost, '12');
    const later = new Date(Date.parse(rig.now()) + 12 * DAY).toISOString();
    await assert.rejects(short.port().accountCosts({ accountId: ACCOUNT, asOf: later }), {
      kind: 'not-found',
      message: /ends with/,
    });
  });

  it('knows when an account is not in the report, without reading it again for every page', async (t) => {
    const rig = billRig(variety());
    const { port, sim } = await startCloudHealth(t, rig.bill);
    const query = { accountId: '999988887777', asOf: rig.now() };
    await assert.rejects(port().accountCosts(query), { kind: 'not-found', message: /connect that account/ });
    const sent = sim.journal.entries().length;
    await assert.rejects(port().accountCosts(query), { kind: 'not-found' });
    assert.equal(sim.journal.entries().length, sent);
    await assert.rejects(port().accountCosts({ ...query, accountId: '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0' }), {
      kind: 'terminal',
      message: /add one for azure to cost\.cloudhealth\.reports/,
    });
  });

  it('tells when the report does not fit the cost history', async (t) => {
    const rig = billRig([...variety(), elsewhere()]);
    const report = {
      ...AWS_REPORT,
      cloud: 'aws' as const,
      name: 'R',
      withoutServices: ['Amazon Simple Storage Service'],
    };
    const { port } = await startCloudHealth(t, rig.bill, { reports: [report] });
    const query = { accountId: ACCOUNT, asOf: rig.now() };
    const { rejected, byResource } = await port().accountCosts(query);
    assert.equal(rejected.length, 1);
    assert.equal(rejected[0]?.resourceId, ACCOUNT);
    assert.match(rejected[0]?.reason ?? '', /adds up to .* where the cost history has .*leaves charges out/);
    assert.ok(byResource.size > 0);
    const wide = port({ cache: memoryCache(), config: { costHistory: { tolerance: 0.9 } } });
    assert.deepEqual((await wide.accountCosts(query)).rejected, []);
    const none = port({ cache: memoryCache(), config: { costHistory: null } });
    assert.deepEqual((await none.accountCosts(query)).rejected, []);
  });

  it('needs few requests for a thousand assets', async (t) => {
    const rig = rigOf(buildScaleEstate(1_000));
    const { port, sim } = await startCloudHealth(t, rig.bill);
    const accountId = rig.estate.accounts[0]?.accountId ?? OTHER_ACCOUNT;
    const { byResource, requests } = await port().accountCosts({ accountId, asOf: rig.now() });
    assert.equal(byResource.size, 1_000);
    const files = sim.journal.entries().filter((e) => e.path.startsWith('/flexreports/')).length;
    t.diagnostic(
      `CloudHealth requests per 1,000 assets and day: ${requests} and ${files} files, for all accounts together`,
    );
    // Look, run, three looks until it is there and one when it is; the cost history.
    assert.ok(requests <= 8);
    assert.equal(files, 2);
  });
});

async function accountsOf(bill: ReturnType<typeof billRig>['bill'], now: string): Promise<Set<string>> {
  const day = isoDay(Date.parse(now) - DAY);
  return new Set((await bill.rows({ from: day, to: isoDay(Date.parse(now)) })).map((row) => row.accountId));
}
