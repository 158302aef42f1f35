import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { billKey } from '../../../domain/cloud-ids/index.ts';
import { GetCostAndUsageCommand, GetCostAndUsageWithResourcesCommand } from '@aws-sdk/client-cost-explorer';
import type { AwsClients } from '../../../providers/cloud/aws/clients.ts';
import { createCostExplorer } from '../../../providers/cost/aws-cost-explorer/index.ts';
import type { CostPort } from '../../../ports/cost.ts';
import { isProviderError } from '../../../ports/errors.ts';
import {
  ACCOUNT,
  type AwsFixture,
  asset,
  OTHER_ACCOUNT,
  REGION,
  sandboxAccounts,
  sandboxClients,
  startAws,
} from '../../helpers/aws.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';

const DAY = 86_400_000;
const now = () => new Date().toISOString();
const date = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY).toISOString().slice(0, 10);
const COMPUTE = 'Amazon Elastic Compute Cloud - Compute';

describe('Cost Explorer provider', () => {
  let fixture: AwsFixture;
  let clients: AwsClients;
  let port: CostPort;
  let cache: ReturnType<typeof memoryCache>;
  const plain = asset('plain');
  const reserved = asset('reserved', {
    resourceType: 'AWS::EC2::Instance',
    commitment: { type: 'reservation', coverage: 0.75 },
  });
  const fresh = asset('fresh', { resourceType: 'AWS::EC2::Instance', createdDaysAgo: 3.5 });
  const unbilled = asset('unbilled', { resourceType: 'AWS::EC2::Instance', dailyCost: null });
  const wrong = ['negative', 'nan', 'currency', 'tenfold'].map((kind) => asset(`wrong-${kind}`));
  const volume = asset('disk', {
    resourceType: 'AWS::EC2::Volume',
    dailyCost: '0.3',
    volume: { sizeGiB: 10, volumeType: 'gp3' },
  });
  const address = asset('ip', { resourceType: 'AWS::EC2::EIP', dailyCost: '0.12', region: 'eu-west-1' });
  const balancer = asset('lb', {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    dailyCost: '0.54',
    loadBalancer: { type: 'application', targets: [] },
  });
  const other = { resourceType: 'AWS::EC2::Instance' as const, accountId: OTHER_ACCOUNT };
  const ended = {
    plain: asset('ended-plain', other),
    reserved: asset('ended-reserved', { ...other, commitment: { type: 'reservation', coverage: 0.75 } }),
    volume: asset('ended-volume', {
      ...other,
      resourceType: 'AWS::EC2::Volume',
      dailyCost: '0.3',
      volume: { sizeGiB: 10, volumeType: 'gp3' },
    }),
  };
  const elsewhere = asset('elsewhere', { resourceType: 'AWS::EC2::Instance', accountId: OTHER_ACCOUNT });

  before(async () => {
    const all = [
      plain,
      reserved,
      fresh,
      unbilled,
      ...wrong,
      volume,
      address,
      balancer,
      elsewhere,
      ...Object.values(ended),
    ];
    fixture = await startAws(all, { costPageRows: 60 });
    clients = sandboxClients(fixture.url, fixture.estate);
    for (const bad of wrong) {
      const kind = bad.name.slice('wrong-'.length) as 'nan';
      await fixture.aws.world({ do: 'bill-error', resourceId: bad.resourceId, kind });
    }
  });
  beforeEach(() => {
    cache = memoryCache();
    port = newPort();
  });
  after(async () => {
    clients.destroy();
    await fixture.stop();
  });

  const newPort = (services?: string[]) =>
    createCostExplorer({
      clients,
      cache,
      accounts: sandboxAccounts(fixture.estate),
      config: {
        currency: 'USD',
        resourceLevelServices: services ?? [
          COMPUTE,
          'EC2 - Other',
          'Amazon Elastic Load Balancing',
          'Amazon Virtual Private Cloud',
        ],
        cacheFor: DAY,
        unbilledCacheFor: DAY,
      },
    });

  it('states run-rate, totals and coverage of every billed asset, in decimals', async () => {
    const { byResource } = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    const cost = byResource.get(plain.resourceId);
    assert.equal(cost?.monthlyRunRate, '73');
    assert.equal(cost?.EffectiveCost, '33.6');
    assert.equal(cost?.BilledCost, '33.6');
    assert.equal(cost?.CommitmentDiscountType, null);
    assert.equal(cost?.dailyTrend.length, 90);
    assert.equal(cost?.dailyTrend.at(-1), '2.4');
    assert.equal(cost?.dailyTrend[0], null, 'nobody asked 90 days ago, so that day is unknown');
    const covered = byResource.get(reserved.resourceId);
    assert.equal(covered?.CommitmentDiscountType, 'reservation');
    assert.equal(covered?.commitmentCoverage, 0.75);
    assert.equal(covered?.BilledCost, '8.4');
    assert.equal(covered?.EffectiveCost, '33.6');
  });

  it('finds volumes by id, addresses and load balancers by ARN, in all regions', async () => {
    const { byResource } = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    assert.equal(byResource.get(volume.resourceId)?.monthlyRunRate, '9.125');
    assert.equal(byResource.get(billKey(address.assetKey))?.monthlyRunRate, '3.65');
    assert.equal(byResource.get(balancer.assetKey)?.monthlyRunRate, '16.425');
    assert.ok(!byResource.has('NoResourceId'));
    assert.ok(!byResource.has(unbilled.resourceId), 'no row is unknown, not zero');
    assert.ok(!byResource.has(elsewhere.resourceId));
  });

  it('leaves the partial first day of a young asset out of its run-rate', async () => {
    const { byResource } = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    assert.equal(byResource.get(fresh.resourceId)?.monthlyRunRate, '73');
  });

  it('quarantines what cannot be true, with the reason, and keeps the rest', async () => {
    const { byResource, rejected } = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    const reasons = new Map(rejected.map((r) => [r.resourceId, r.reason]));
    const words = [/negative/, /not a number/, /EUR instead of USD/, /10 times the day before/];
    wrong.forEach((bad, i) => {
      assert.match(reasons.get(bad.resourceId) ?? '', words[i] as RegExp);
      assert.ok(!byResource.has(bad.resourceId));
    });
    assert.ok(byResource.has(plain.resourceId));
  });

  it('pays for each page once a day, whoever asks', async () => {
    const before = fixture.aws.billableRequests();
    const [first, second] = await Promise.all([
      port.accountCosts({ accountId: ACCOUNT, asOf: now() }),
      port.accountCosts({ accountId: ACCOUNT, asOf: now() }),
    ]);
    const paid = fixture.aws.billableRequests() - before;
    assert.ok(paid > 2, 'the resource query spans several pages here');
    assert.equal(first.requests + second.requests, paid);
    const other = await newPort().accountCosts({ accountId: ACCOUNT, asOf: now() });
    assert.equal(other.requests, 0);
    assert.equal(fixture.aws.billableRequests() - before, paid);
    assert.deepEqual(other.byResource.get(plain.resourceId), first.byResource.get(plain.resourceId));
    assert.deepEqual(other.rejected, first.rejected);
  });

  it('gives 90 days of the account', async () => {
    const { accountTrend } = await port.accountCosts({ accountId: OTHER_ACCOUNT, asOf: now() });
    assert.equal(accountTrend.length, 90);
    assert.equal(accountTrend[0]?.date, date(90));
    assert.equal(accountTrend.at(-1)?.date, date(1));
    assert.equal(accountTrend.at(-1)?.amount, '10.97');
  });

  it('grows a resource’s own trend beyond what the service keeps', async () => {
    const early = new Date(Date.now() - 5 * DAY).toISOString();
    // Five days ago the provider saw days the service has forgotten by now; here the window is cut by hand.
    await cache.put(
      `cost/aws/${ACCOUNT}/day/${date(17)}`,
      { rows: [[plain.resourceId, '9.9', '9.9', '0', '0']] },
      now().replace(/^\d{4}/, '2999'),
    );
    const { byResource } = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    const trend = byResource.get(plain.resourceId)?.dailyTrend ?? [];
    assert.equal(trend[90 - 17], '9.9');
    assert.equal(trend[90 - 16], null);
    await assert.rejects(newPort().accountCosts({ accountId: ACCOUNT, asOf: early }), /last 14 days/);
  });

  it('says which service has no resource-level data', async () => {
    const costs = newPort([COMPUTE, 'Amazon Simple Storage Service']).accountCosts({ accountId: ACCOUNT, asOf: now() });
    await assert.rejects(costs, (e) => isProviderError(e, 'terminal') && /Simple Storage/.test(e.message));
  });

  it('never repeats a refused request by itself, because attempts are billed', async () => {
    const responseBody = JSON.stringify({ __type: 'LimitExceededException', Message: 'slow down' });
    const seen = () => fixture.aws.journal.entries().filter((e) => e.body.includes('TimePeriod')).length;
    const before = seen();
    fixture.aws.faults.push({ kind: 'status', status: 400, responseBody, body: 'TimePeriod', times: 3 });
    await assert.rejects(port.accountCosts({ accountId: ACCOUNT, asOf: now() }), (e) =>
      isProviderError(e, 'retry-after'),
    );
    assert.equal(seen() - before, 1);
    fixture.aws.faults.length = 0;
    const answer = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    assert.ok(answer.requests > 0, 'a failure is not cached');
  });

  it('distrusts an answer without amounts', async () => {
    const responseBody = JSON.stringify({
      ResultsByTime: [{ TimePeriod: { Start: date(1), End: date(0) }, Groups: [{ Keys: ['i-1'] }] }],
    });
    fixture.aws.faults.push({ kind: 'status', status: 200, responseBody, body: 'TimePeriod', times: 1 });
    await assert.rejects(
      port.accountCosts({ accountId: ACCOUNT, asOf: now() }),
      (e) => isProviderError(e, 'malformed') && /Metrics/.test(e.message),
    );
  });

  it('is refused the queries the real service refuses', async () => {
    const { costExplorer } = clients.clientsFor({ accountId: ACCOUNT, region: REGION });
    const query = {
      TimePeriod: { Start: date(5), End: date(0) },
      Granularity: 'DAILY' as const,
      Metrics: ['AmortizedCost'],
    };
    const Filter = { Dimensions: { Key: 'SERVICE' as const, Values: [COMPUTE] } };
    const GroupBy = [{ Type: 'DIMENSION' as const, Key: 'RESOURCE_ID' }];
    const refused = (input: object, name = 'ValidationException') =>
      assert.rejects(costExplorer.send(new GetCostAndUsageWithResourcesCommand({ ...query, ...input } as never)), {
        name,
      });
    await refused({ GroupBy });
    await refused({ Filter });
    await refused({ Filter, GroupBy, TimePeriod: { Start: date(15), End: date(0) } });
    await refused({ Filter, GroupBy: [...GroupBy, ...GroupBy, ...GroupBy] });
    await refused({ Filter, GroupBy, Metrics: ['Nonsense'] });
    await refused({ Filter, GroupBy, NextPageToken: 'zzz' }, 'InvalidNextTokenException');
    const first = await costExplorer.send(
      new GetCostAndUsageWithResourcesCommand({
        ...query,
        Filter,
        GroupBy,
        TimePeriod: { Start: date(14), End: date(0) },
      }),
    );
    await refused({ Filter, GroupBy, NextPageToken: first.NextPageToken }, 'RequestChangedException');
    const elsewhereToo = clients.clientsFor({ accountId: OTHER_ACCOUNT, region: REGION }).costExplorer;
    const total = await elsewhereToo.send(new GetCostAndUsageCommand(query));
    assert.equal(total.ResultsByTime?.[0]?.Groups?.length, 0);
    assert.match(total.ResultsByTime?.[0]?.Total?.['AmortizedCost']?.Amount ?? '', /^\d+(\.\d+)?$/);
  });

  it('leaves out days on which the account’s total cannot be true', async () => {
    const { accountTrend, rejected } = await port.accountCosts({ accountId: ACCOUNT, asOf: now() });
    assert.ok(accountTrend.length < 90);
    assert.ok(accountTrend.every((d) => Number(d.amount) > 0));
    assert.ok(rejected.some((r) => r.resourceId === ACCOUNT));
  });

  it('shows the saving on the bill after a real stop, and none for what a reservation goes on paying', async () => {
    const costs = (daysAhead: number) =>
      port.accountCosts({ accountId: OTHER_ACCOUNT, asOf: new Date(Date.now() + daysAhead * DAY).toISOString() });
    const before = (await costs(0)).accountTrend.at(-1)?.amount;
    await fixture.aws.world({ do: 'stop', resourceId: ended.plain.resourceId });
    await fixture.aws.world({ do: 'stop', resourceId: ended.reserved.resourceId });
    await fixture.aws.world({ do: 'terminate', resourceId: ended.volume.resourceId });
    fixture.aws.advanceBill(3);
    cache = memoryCache();
    port = newPort();
    const { byResource, accountTrend } = await costs(3);
    const lastDays = byResource.get(ended.plain.resourceId)?.dailyTrend.slice(-4);
    assert.deepEqual(
      lastDays?.map((v) => v === null),
      [false, false, true, true],
    );
    assert.equal(byResource.get(ended.volume.resourceId)?.dailyTrend.at(-1), null);
    const saved = Number(before) - Number(accountTrend.at(-1)?.amount);
    assert.equal(saved.toFixed(2), (2.4 + 2.4 * 0.25 + 0.3).toFixed(2));
  });
});
