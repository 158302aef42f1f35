import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { Finding } from '../../../schemas/posture.ts';
import { EU, find, LAB_GCP, startOrca, US } from './orca-helpers.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const images = [
  {
    digest: DIGEST,
    name: 'registry.acme.example/shop/web',
    vulnerabilities: [
      { cve: 'CVE-2021-44228', severity: 'critical', kev: true, exploit: true },
      { cve: 'CVE-2024-6387', severity: 'high' },
    ],
  },
];
const { orca, simulator, estate } = await startOrca({ images });

test('vulnerabilities of an image are found by its digest, with KEV and exploit', async () => {
  const findings = await orca.imageFindings?.(DIGEST);
  for (const finding of findings ?? []) assert.deepEqual(Finding.parse(finding), finding);
  assert.deepEqual(findings?.map((f) => [f.cve?.uid, f.severity_id, f.cve?.known_exploited]).sort(), [
    ['CVE-2021-44228', 5, true],
    ['CVE-2024-6387', 4, false],
  ]);
});

test('an image that was never scanned is not-found, a digest that is none is refused without asking', async () => {
  await assert.rejects(
    async () => orca.imageFindings?.(`sha256:${'cd'.repeat(32)}`),
    (e) => isProviderError(e, 'not-found'),
  );
  const before = simulator.journal.entries().length;
  for (const wrong of ['latest', 'sha256:ab', `sha256:${'AB'.repeat(32)}`])
    await assert.rejects(
      async () => orca.imageFindings?.(wrong),
      (e) => isProviderError(e, 'terminal'),
    );
  assert.equal(simulator.journal.entries().length, before);
});

test('where the tenant names images otherwise, the question says which setting is missing: never "no findings"', async () => {
  const names = { imageModel: 'RegistryImage', imageDigestKey: 'Digest' };
  const other = await startOrca({ images, names });
  await assert.rejects(
    async () => other.orca.imageFindings?.(DIGEST),
    (e) => isProviderError(e, 'terminal') && /imageModel/.test(e.message),
  );
  const half = await startOrca({ images, names, config: { imageModel: 'RegistryImage' } });
  await assert.rejects(
    async () => half.orca.imageFindings?.(DIGEST),
    (e) => isProviderError(e, 'terminal') && /"ImageDigest"/.test(e.message),
  );
  const named = await startOrca({ images, names, config: names });
  assert.equal((await named.orca.imageFindings?.(DIGEST))?.length, 2);
});

test('rows that do not show the digest they were asked by are not believed', async () => {
  const responseBody = JSON.stringify({
    status: 'success',
    total_items: 1,
    data: [{ id: 'x', name: 'web', type: 'ContainerImage', asset_unique_id: 'vmimage_x', data: {} }],
  });
  simulator.faults.push({ body: 'ImageDigest', kind: 'status', status: 200, responseBody, times: 1 });
  await assert.rejects(
    async () => orca.imageFindings?.(DIGEST),
    (e) => isProviderError(e, 'malformed'),
  );
});

test('idle signals are the open cost alerts of one account and region, by asset key', async () => {
  const signals = await orca.idleSignals?.({ accountId: US[0], region: US[1] });
  const expected = estate.assets
    .filter((a) => a.accountId === US[0] && a.region === US[1])
    .filter((a) => a.instance?.stopped === true || (a.archetype === 'unattached-volume' && a.volume !== undefined));
  assert.ok(expected.length >= 2);
  assert.deepEqual(signals?.map((s) => s.assetKey).sort(), expected.map((a) => a.assetKey).sort());
  const disk = signals?.find((s) => s.assetKey === expected.find((a) => a.volume)?.assetKey);
  assert.equal(disk?.kind, 'Ensure EBS volume is attached to an EC2 instance');
  assert.ok(!Number.isNaN(Date.parse(disk?.observedAt ?? '')));
  const gcp = await orca.idleSignals?.({ accountId: LAB_GCP[0], region: LAB_GCP[1] });
  assert.deepEqual(
    gcp?.map((s) => s.kind),
    ['Ensure GCP disk is attached to a virtual machine'],
  );
});

test('a control on cost is an alert of the asset as well, and ends only with it', async () => {
  const disk = await find(orca, 'old-db-data', US);
  const alerts = (await orca.posture(disk)).findings.filter((f) => f.isIssue);
  const unused = alerts.find((f) => /attached to an EC2 instance/.test(f.title));
  assert.deepEqual([unused?.class_uid, unused?.severity_id, unused?.status_id], [2003, 1, 1]);
  assert.deepEqual(unused?.policy?.labels, ['cost optimization']);
});

test('no alert types, no question', async () => {
  const silent = await startOrca({ config: { idleAlertTypes: [] } });
  assert.deepEqual(await silent.orca.idleSignals?.({ accountId: EU[0], region: EU[1] }), []);
  assert.equal(silent.requests().length, 0);
});
