import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import { imagesOf } from '../../../sandbox/wiz/images.ts';
import { Finding } from '../../../schemas/posture.ts';
import { everythingIn, readAll, startWiz } from './helpers.ts';

const { wiz, simulator, estate } = await startWiz();
const images = imagesOf(estate.seed);
const PLACE = { accountId: '111122223333', region: 'us-east-1' };
const answer = (body: string, data: unknown): void => {
  simulator.faults.push({ body, kind: 'status', status: 200, times: 1, responseBody: JSON.stringify(data) });
};
const asked = () => simulator.journal.entries().filter((e) => e.path === '/graphql').length;

test('open vulnerabilities of an image are found by its digest, in every registry, page by page', async () => {
  const paged = await startWiz({ client: { findingPageSize: 1 } });
  for (const port of [wiz, paged.wiz]) {
    const findings = (await port.imageFindings?.(images.vulnerable)) ?? [];
    for (const finding of findings) assert.deepEqual(Finding.parse(finding), finding);
    assert.deepEqual(findings.map((f) => `${f.cve?.uid} ${f.severity_id} ${f.cve?.known_exploited}`).sort(), [
      'CVE-2021-44228 5 true',
      'CVE-2021-44228 5 true',
      'CVE-2024-6387 4 false',
      'CVE-2024-6387 4 false',
    ]);
  }
});

test('a clean image has none; one that was never scanned is not-found; a digest that is none is not asked for', async () => {
  assert.deepEqual(await wiz.imageFindings?.(images.clean), []);
  await assert.rejects(
    async () => wiz.imageFindings?.(images.unknown),
    (e) => isProviderError(e, 'not-found'),
  );
  const before = asked();
  for (const wrong of ['latest', 'sha256:ab', images.clean.toUpperCase()])
    await assert.rejects(
      async () => wiz.imageFindings?.(wrong),
      (e) => isProviderError(e, 'terminal'),
    );
  assert.equal(asked(), before);
});

test('an image without an id is an error, never an image without vulnerabilities', async () => {
  answer('Images', { data: { list: { nodes: [{}], pageInfo: { hasNextPage: false, endCursor: null } } } });
  await assert.rejects(
    async () => wiz.imageFindings?.(images.clean),
    (e) => isProviderError(e, 'malformed'),
  );
});

test('idle signals are the open opportunities of the kind waste, by asset key, of one account and region', async () => {
  const signals = await wiz.idleSignals?.(PLACE);
  const here = estate.assets.filter((a) => a.accountId === PLACE.accountId && a.region === PLACE.region);
  const expected = here.filter(
    (a) => a.instance?.stopped || ['unattached-volume', 'unassociated-address'].includes(a.archetype),
  );
  assert.ok(expected.length >= 3);
  assert.deepEqual(signals?.map((s) => s.assetKey).sort(), expected.map((a) => a.assetKey).sort());
  assert.deepEqual([...new Set(signals?.map((s) => s.kind))], ['WASTE']);
  for (const signal of signals ?? [])
    assert.ok(signal.title.length > 5 && !Number.isNaN(Date.parse(signal.observedAt)));
});

test('no signal where cloud cost is off, may not be read, or the account is not there; a fault is still a fault', async () => {
  const off = await startWiz({ cloudCost: false });
  assert.deepEqual(await off.wiz.idleSignals?.(PLACE), []);
  assert.deepEqual(await wiz.idleSignals?.({ ...PLACE, accountId: '999999999999' }), []);
  answer('CostContext', { data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] });
  assert.deepEqual(await wiz.idleSignals?.(PLACE), []);
  for (const data of [{ data: null, errors: [{ message: 'no', extensions: { code: 'INTERNAL' } }] }, { data: {} }]) {
    answer('CostContext', data);
    await assert.rejects(async () => wiz.idleSignals?.(PLACE), isProviderError);
  }
});

test('an opportunity that names no asset of ours, or no time, is left out', async () => {
  const key = 'arn:aws:ec2:us-east-1:111122223333:volume/vol-0a1b2c3d4e5f60718';
  const short = 'arn:aws:ec2:us-east-1:111122223333:volume/vol-0a';
  const at = '2026-01-05T10:00:00Z';
  const of = (id: string | null) => ({ externalId: id, graphEntity: null });
  answer('CostOpportunities', {
    data: {
      list: {
        nodes: [
          { name: 'by external id', updatedAt: at, resource: of(key) },
          { name: 'no resource', updatedAt: at, resource: null },
          { name: 'no id', updatedAt: at, resource: of('db-volume') },
          // Wiz keeps the short id as external id at times; account and region are those that were asked for.
          { name: 'short id', updatedAt: at, resource: of('vol-0a') },
          { name: 'elsewhere', updatedAt: at, resource: of(key.replace('us-east-1', 'eu-west-1')) },
          { name: 'no time', updatedAt: null, resource: of(key) },
        ],
        pageInfo: { hasNextPage: false, endCursor: null },
      },
    },
  });
  assert.deepEqual(await wiz.idleSignals?.(PLACE), [
    { assetKey: key, kind: 'WASTE', title: 'by external id', observedAt: new Date(at).toISOString() },
    { assetKey: short, kind: 'WASTE', title: 'short id', observedAt: new Date(at).toISOString() },
  ]);
});

test('requests per 1,000 assets', async (t) => {
  const big = await startWiz({ estate: buildScaleEstate(1000), malformedRows: false, untidyPages: false });
  const count = (): number => {
    const sent = big.simulator.journal.entries().filter((e) => e.path === '/graphql').length;
    big.simulator.journal.clear();
    return sent;
  };
  for (const pageSize of [200, 500]) {
    const pages = await readAll(big.wiz, everythingIn(PLACE.accountId, PLACE.region, pageSize));
    assert.equal(new Set(pages.flatMap((p) => p.assets).map((a) => a.assetKey)).size, 1000);
    const requests = count();
    assert.equal(requests, 1000 / pageSize);
    t.diagnostic(`inventory of 1,000 assets in pages of ${pageSize}: ${requests} requests`);
  }
  const assets = (await wiz.listAssets({ ...everythingIn(PLACE.accountId, PLACE.region) })).assets.slice(0, 20);
  const before = asked();
  for (const asset of assets) await wiz.posture(asset);
  const known = asked() - before;
  for (const asset of assets) await wiz.posture({ ...asset, vendorId: null });
  const byKey = asked() - before - known;
  assert.deepEqual([known, byKey], [20, 40]);
  t.diagnostic(`posture of 1,000 assets: ${known * 50} requests, ${byKey * 50} where the ids are not known`);
});
