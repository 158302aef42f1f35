import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { digestOf } from '../../../sandbox/prisma/compute-images.ts';
import { find, PROJECT, SUBSCRIPTION, startPrisma } from './prisma-harness.ts';

const site = await startPrisma();
const { prisma, simulator } = site;
const findings = (digest: string) => prisma.imageFindings?.(digest) ?? Promise.reject(new Error('no imageFindings'));

test('a deployed image is found by its digest among several pages, with KEV and exploit', async () => {
  const found = await findings(digestOf('shop/web:1.4'));
  assert.deepEqual(
    found.map((f) => [f.class_uid, f.cve?.uid, f.severity_id, f.cve?.known_exploited, f.cve?.is_exploit_available]),
    [
      [2002, 'CVE-2021-44228', 5, true, true],
      [2002, 'CVE-2023-0286', 4, false, false],
    ],
  );
  assert.match(found[0]?.title ?? '', /CVE-2021-44228 in org\.apache\.logging\.log4j_log4j-core 2\.14\.1/);
});

test('an image of a registry is found by the search; a severity we do not know is kept as unknown', async () => {
  simulator.journal.clear();
  const found = await findings(digestOf('shop/api:3.1'));
  assert.equal(found.find((f) => f.cve?.uid === 'CVE-2024-0001')?.severity_id, 0);
  assert.equal(
    found.find((f) => f.cve?.uid === 'CVE-2024-0001')?.cve?.known_exploited,
    null,
    'one word is not the other',
  );
  assert.equal(site.sent(/images|registry/).length, 2);
  assert.deepEqual(await findings(digestOf('shop/clean:1.0')), []);
});

test('never scanned, and scanned without success, are not-found; the image id is not the digest', async () => {
  for (const digest of [digestOf('never/seen:1'), digestOf('shop/broken:2.0')])
    await assert.rejects(findings(digest), (e) => isProviderError(e, 'not-found'));
  await assert.rejects(findings('sha256:abc'), (e) => isProviderError(e, 'terminal'));
  const { DEPLOYED } = await import('../../../sandbox/prisma/compute-images.ts');
  await assert.rejects(findings(String(DEPLOYED.at(-2)?.['id'])), (e) => isProviderError(e, 'not-found'));
});

test('more images than may be looked through is an error, not "never scanned"', async () => {
  const small = await startPrisma({ config: { imagePages: 1 } });
  await assert.rejects(
    small.prisma.imageFindings?.(digestOf('never/seen:1')) ?? Promise.resolve(),
    (e) => isProviderError(e, 'terminal') && /imagePages/.test(e.message),
  );
});

test('idle signals say what configuration shows: unattached, unassociated, stopped, each looked at again', async () => {
  const aws = await prisma.idleSignals?.({ accountId: '111122223333', region: 'us-east-1' });
  const volume = await find(site, 'old-db-data');
  const address = await find(site, 'old-vpn-ip');
  assert.ok(aws?.some((s) => s.assetKey === volume.assetKey && s.kind === 'unattached'));
  assert.ok(aws?.some((s) => s.assetKey === address.assetKey && s.kind === 'unassociated'));
  const stopped = site.estate.assets.filter(
    (a) => a.instance?.stopped && a.accountId === '111122223333' && a.region === 'us-east-1',
  );
  const signalled = new Set(aws?.filter((s) => s.kind === 'stopped').map((s) => s.assetKey));
  assert.deepEqual([...signalled].sort(), stopped.map((a) => a.assetKey).sort());
  const attached = site.estate.assets.filter((a) => a.volume?.attachedTo || a.address?.attachedTo);
  assert.ok(attached.length > 0 && !aws?.some((s) => attached.some((a) => a.assetKey === s.assetKey)));
  for (const signal of aws ?? []) assert.ok(!Number.isNaN(Date.parse(signal.observedAt)));
});

test('idle signals of the other clouds', async () => {
  const azure = await prisma.idleSignals?.({ accountId: SUBSCRIPTION, region: 'westeurope' });
  assert.deepEqual(azure?.map((s) => `${s.kind} ${s.assetKey.split('/').at(-1)}`).sort(), [
    'stopped az-vm-stopped',
    'unassociated az-ip',
    'unattached az-disk',
  ]);
  const google = await prisma.idleSignals?.({ accountId: PROJECT, region: 'europe-west1' });
  assert.deepEqual(google?.map((s) => `${s.kind} ${s.assetKey.split('/').at(-1)}`).sort(), [
    'unassociated gc-ip',
    'unattached gc-disk',
  ]);
});

test('a policy that found inactivity is a signal too, in its own region only', async () => {
  const asset = await find(site, 'report-idle-1');
  const alert = (regionId: string) => ({
    id: `P-${regionId}`,
    status: 'open',
    lastUpdated: 1_767_600_000_000,
    policy: { name: 'Instance without activity', policyType: 'config' },
    resource: {
      id: asset.resourceId,
      regionId,
      resourceApiName: 'aws-ec2-describe-instances',
      additionalInfo: { inactiveSinceTs: 1_767_500_000_000 },
    },
  });
  const body = JSON.stringify({ items: [alert('us-east-1'), alert('eu-west-1')], nextPageToken: null });
  simulator.faults.push({ path: '/v2/alert', kind: 'status', status: 200, times: 1, responseBody: body });
  const signals = await prisma.idleSignals?.({ accountId: '111122223333', region: 'us-east-1' });
  assert.deepEqual(
    signals?.filter((s) => s.kind === 'inactive'),
    [
      {
        assetKey: asset.assetKey,
        kind: 'inactive',
        title: 'Instance without activity (inactive since 2026-01-04)',
        observedAt: '2026-01-05T08:00:00.000Z',
      },
    ],
  );
});
