import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from 'decimal.js';
import { isProviderError } from '../../../ports/errors.ts';
import { memoryCache } from '../../helpers/memory-cache.ts';
import { billOf, day, DAY, now, NOW, type Billed } from './azure-gcp-bill.ts';
import { OTHER, PROJECT, startGcp, vm, vmName } from './gcp-rig.ts';

const asked = { accountId: PROJECT, asOf: now() };
const named = (place: string) => `//compute.googleapis.com/projects/${PROJECT}/${place}`;

test('run-rate, totals, trend, region and service of an asset, found under its full resource name', async () => {
  await using gcp = await startGcp({ billRows: billOf('gcp', [vm('web-1', '2.4')]) });
  const { byResource, requests } = await gcp.port().accountCosts(asked);
  assert.deepEqual([...byResource.keys()], [vmName('web-1')]);
  const cost = byResource.get(vmName('web-1'));
  assert.equal(cost?.monthlyRunRate, '73');
  assert.equal(cost?.EffectiveCost, '33.6');
  assert.equal(cost?.BilledCost, '33.6');
  assert.equal(cost?.RegionId, 'europe-west1');
  assert.equal(cost?.ServiceName, 'Compute Engine');
  assert.equal(cost?.CommitmentDiscountType, null);
  assert.deepEqual([cost?.dailyTrend.length, cost?.dailyTrend[0], cost?.dailyTrend.at(-1)], [90, '2.4', '2.4']);
  assert.equal(requests, 2);
});

test('disks, addresses and databases are found as inventories spell them', async () => {
  const ids = [
    named('zones/europe-west1-b/disks/data-1'),
    named('regions/europe-west1/addresses/ip-1'),
    named('global/addresses/ip-2'),
    `//cloudsql.googleapis.com/projects/${PROJECT}/instances/db-1`,
  ];
  const things: Billed[] = ids.map((resourceId) => ({ accountId: PROJECT, resourceId, daily: '1' }));
  things.push({ accountId: PROJECT, resourceId: null, daily: '5' });
  await using gcp = await startGcp({ billRows: billOf('gcp', things) });
  const { byResource } = await gcp.port().accountCosts(asked);
  assert.deepEqual([...byResource.keys()].sort(), [...ids].sort());
});

test('committed use of both kinds: share, kind and id; the fee is nobody’s resource', async () => {
  const things = [
    vm('covered', '1.8', { commitment: { type: 'reservation', id: 'cud-1' } }),
    vm('covered', '0.6'),
    vm('planned', '3', { commitment: { type: 'savings-plan', id: 'flex-7' } }),
    { accountId: PROJECT, resourceId: null, daily: '0.5', commitment: { type: 'reservation', unused: true } } as const,
  ];
  await using gcp = await startGcp({ billRows: billOf('gcp', things) });
  const { byResource, accountTrend } = await gcp.port().accountCosts(asked);
  const covered = byResource.get(vmName('covered'));
  assert.equal(covered?.CommitmentDiscountType, 'reservation');
  assert.equal(covered?.CommitmentDiscountId, 'cud-1');
  assert.equal(covered?.commitmentCoverage, 0.75);
  assert.equal(covered?.EffectiveCost, '33.6');
  assert.equal(covered?.BilledCost, '8.4');
  const planned = byResource.get(vmName('planned'));
  assert.deepEqual(
    [planned?.CommitmentDiscountType, planned?.CommitmentDiscountId, planned?.commitmentCoverage, planned?.BilledCost],
    // Usage under a consumption model is invoiced at its price; before 2026 a credit made it nothing.
    ['savings-plan', 'flex-7', 1, '42'],
  );
  assert.equal(byResource.size, 2);
  assert.equal(accountTrend.at(-1)?.amount, '5.9', 'fees instead of what they cover, and what nothing uses');
});

test('what cannot be true is quarantined with its reason, and the rest goes on', async () => {
  const things = [
    vm('good', '2'),
    vm('negative', (ago) => (ago === 3 ? '-2' : '2')),
    vm('nan', (ago) => (ago === 3 ? 'NaN' : '2')),
    vm('currency', '2', { currency: 'EUR' }),
    vm('tenfold', (ago) => (ago === 1 ? '22' : '2')),
    vm('long-ago', (ago) => (ago === 50 ? '99' : ago > 60 ? null : '2')),
  ];
  await using gcp = await startGcp({ billRows: billOf('gcp', things) });
  const { byResource, rejected, accountTrend } = await gcp.port().accountCosts(asked);
  const reasons = new Map(rejected.map((r) => [r.resourceId, r.reason]));
  assert.match(reasons.get(vmName('negative')) ?? '', /negative amount on/);
  assert.match(reasons.get(vmName('nan')) ?? '', /"NaN" is not a number on/);
  assert.match(reasons.get(vmName('currency')) ?? '', /EUR instead of USD/);
  assert.match(reasons.get(vmName('tenfold')) ?? '', /10 times the day before/);
  assert.deepEqual([...byResource.keys()].sort(), [vmName('good'), vmName('long-ago')].sort());
  const old = byResource.get(vmName('long-ago'));
  assert.equal(old?.monthlyRunRate, '60.8333', 'an odd day long ago does not spoil the run-rate');
  assert.ok(!accountTrend.some((d) => d.date === day(3)));
});

test('the total is the source’s to the last digit, late rows and broken pages included', async () => {
  const digits = ['0.1234567891', '1e-7', '19.545192349', '0.3'];
  const things = digits.map((amount, i) => vm(`vm-${i}`, amount));
  things.push({ accountId: PROJECT, resourceId: null, daily: '0.07' });
  things.push(vm('taxed', '9', { chargeType: 'tax' }), vm('given', '3'), vm('given', '-3', { chargeType: 'credit' }));
  things.push(vm('back', '-4', { chargeType: 'refund' }));
  await using gcp = await startGcp({ billRows: billOf('gcp', things), pageBytes: 3_000 });
  const { byResource, accountTrend, rejected } = await gcp.port().accountCosts(asked);
  const wanted = digits.reduce((sum, amount) => sum.plus(amount), new Decimal('3.07')).toFixed();
  assert.equal(accountTrend.length, 90);
  assert.deepEqual([accountTrend[0]?.date, accountTrend.at(-1)?.date], [day(90), day(1)]);
  assert.ok(
    accountTrend.every((d) => d.amount === wanted),
    `${accountTrend[0]?.amount} instead of ${wanted}`,
  );
  for (const [i, amount] of digits.entries())
    assert.equal(byResource.get(vmName(`vm-${i}`))?.dailyTrend.at(-1), new Decimal(amount).toFixed());
  assert.equal(byResource.get(vmName('given'))?.EffectiveCost, '42', 'a gift is no lower price');
  assert.equal(byResource.get(vmName('given'))?.BilledCost, '0');
  assert.deepEqual(rejected, []);
  assert.ok(gcp.calls().filter((c) => c.method === 'GET').length > 10, 'pages are smaller than asked for');
});

test('projects are read alone the first time, then together by one scan that is paid for once', async () => {
  const things = [vm('a', '1'), vm('b', '5', { accountId: OTHER, resourceId: vmName('b', OTHER) })];
  await using gcp = await startGcp({ billRows: billOf('gcp', things) });
  const cache = memoryCache();
  const both = async (port: ReturnType<typeof gcp.port>, asOf: string) =>
    Promise.all([PROJECT, OTHER].map((accountId) => port.accountCosts({ accountId, asOf })));
  const port = gcp.port({}, { cache });
  const first = await both(port, now());
  assert.deepEqual([...(first[0]?.byResource.keys() ?? [])], [vmName('a')]);
  assert.deepEqual([...(first[1]?.byResource.keys() ?? [])], [vmName('b', OTHER)]);
  assert.equal(first[1]?.accountTrend.at(-1)?.amount, '5');
  assert.deepEqual(
    first.map((c) => c.requests),
    [2, 2],
  );
  assert.equal((await port.accountCosts(asked)).requests, 0);
  const tomorrow = new Date(NOW + DAY).toISOString();
  const second = await both(port, tomorrow);
  assert.equal((second[0]?.requests ?? 0) + (second[1]?.requests ?? 0), 2);
  assert.equal(second[1]?.byResource.get(vmName('b', OTHER))?.dailyTrend.filter((v) => v === '5').length, 90);
  assert.equal(gcp.simulator.gcpBilling.queriesRun(), 6);
  const apart = gcp.port({ projectsPerQuery: 1 }, { cache });
  await both(apart, new Date(NOW + 2 * DAY).toISOString());
  assert.equal(gcp.simulator.gcpBilling.queriesRun(), 10);
});

test('the next day reads only what may still have changed, and the trend stays', async () => {
  const cache = memoryCache();
  await using gcp = await startGcp({ billRows: billOf('gcp', [vm('a', '2.4')]) });
  await gcp.port({}, { cache }).accountCosts(asked);
  const tomorrow = new Date(NOW + DAY).toISOString();
  const { byResource } = await gcp.port({}, { cache }).accountCosts({ ...asked, asOf: tomorrow });
  const trend = byResource.get(vmName('a'))?.dailyTrend;
  assert.deepEqual([trend?.length, trend?.filter((v) => v === '2.4').length], [90, 90]);
  const [whole, part] = gcp.usage.filter((u) => u.operation === 'resources');
  assert.ok((part?.rows ?? 0) < (whole?.rows ?? 0) / 3, `${part?.rows} of ${whole?.rows} rows`);
  assert.ok(BigInt(part?.bytesProcessed ?? 0) < BigInt(whole?.bytesProcessed ?? 0));
});

test('bytes billed are told, and a limit on them is kept', async () => {
  await using gcp = await startGcp({ billRows: billOf('gcp', [vm('a', '1')]), bytesPerRow: 1_000_000 });
  await gcp.port().accountCosts(asked);
  const told = gcp.usage.reduce((sum, u) => sum + Number(u.bytesBilled), 0);
  assert.equal(told, gcp.simulator.gcpBilling.bytesBilled());
  const before = gcp.simulator.gcpBilling.bytesBilled();
  await assert.rejects(gcp.port({ maxBytesBilled: 10_485_760 }).accountCosts(asked), (e) => {
    return isProviderError(e, 'terminal') && /nothing was billed; raise cost.gcp.maxBytesBilled/.test(e.message);
  });
  assert.equal(gcp.simulator.gcpBilling.bytesBilled(), before);
});

test('a bill that is behind is judged up to where it goes, and one that stopped is not', async () => {
  await using gcp = await startGcp({ billRows: billOf('gcp', [vm('a', '2.4')], { behindDays: 2 }) });
  const cost = (await gcp.port().accountCosts(asked)).byResource.get(vmName('a'));
  assert.equal(cost?.EffectiveCost, '33.6', 'the window is whole, only earlier');
  assert.equal(cost?.ChargePeriodEnd, `${day(1)}T00:00:00.000Z`);
  await assert.rejects(gcp.port({ staleAfter: 0 }).accountCosts(asked), /ends with/);
  const empty = gcp.port({}, { accounts: ['acme-empty-1'] }).accountCosts({ ...asked, accountId: 'acme-empty-1' });
  await assert.rejects(empty, (e) => isProviderError(e, 'not-found'));
});

test('requests and bytes for a thousand assets', async (t) => {
  const things = Array.from({ length: 1000 }, (_, i) => vm(`vm-${i}`, '1.23'));
  await using gcp = await startGcp({ billRows: billOf('gcp', things) });
  const { byResource, requests } = await gcp.port().accountCosts(asked);
  assert.equal(byResource.size, 1000);
  assert.equal(requests, 2);
  const bytes = gcp.simulator.gcpBilling.bytesBilled();
  t.diagnostic(
    `${requests} queries in ${gcp.calls().length} HTTP requests for 1,000 assets over 90 days; the simulator billed ${bytes} bytes`,
  );
});
