import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { Finding } from '../../../schemas/posture.ts';
import { PROD, PROJECT, SUBSCRIPTION, startLacework } from './lacework-harness.ts';

const { lacework, simulator, estate, calls } = await startLacework();
const { images } = simulator.lacework;
const byFirst = (a: readonly unknown[], b: readonly unknown[]) => String(a[0]).localeCompare(String(b[0]));

test('the newest assessment of an image counts: open and excepted vulnerabilities, not what is good or was there before', async () => {
  const findings = await lacework.imageFindings(images.vulnerable);
  assert.deepEqual(findings.map((f) => [f.cve?.uid, f.status_id, f.class_uid]).toSorted(byFirst), [
    ['CVE-2025-0001', 1, 2002],
    ['CVE-2025-0002', 3, 2002],
  ]);
  for (const finding of findings) assert.deepEqual(Finding.parse(finding), finding);
});

test('an image without vulnerabilities is clean, one that was never assessed is not-found, an old assessment is found', async () => {
  assert.deepEqual(await lacework.imageFindings(images.clean), []);
  assert.equal((await lacework.imageFindings(images.old)).length, 1);
  await assert.rejects(lacework.imageFindings(images.unknown), (e) => isProviderError(e, 'not-found'));
  const before = simulator.journal.entries().length;
  await assert.rejects(lacework.imageFindings('shop/web:1.4'), (e) => isProviderError(e, 'terminal'));
  assert.equal(simulator.journal.entries().length, before);
});

test('signs of idleness on AWS: volumes without attachments, stopped machines, silent agents', async () => {
  const regions = ['us-east-1', 'eu-west-1'];
  const seeded = estate.assets.filter((a) => a.accountId === PROD);
  const signals = (
    await Promise.all(regions.map((region) => lacework.idleSignals({ accountId: PROD, region })))
  ).flat();
  const keysOf = (kind: string) =>
    signals
      .filter((s) => s.kind === kind)
      .map((s) => s.assetKey)
      .sort();
  const loose = seeded.filter((a) => a.volume && !a.volume.attachedTo).map((a) => a.assetKey);
  assert.deepEqual(keysOf('unattached'), loose.sort());
  assert.deepEqual(
    keysOf('stopped'),
    seeded
      .filter((a) => a.instance?.stopped)
      .map((a) => a.assetKey)
      .sort(),
  );
  for (const signal of signals) assert.ok(!Number.isNaN(Date.parse(signal.observedAt)) && signal.title.length > 10);
  const query = JSON.parse(calls('Queries/execute')[0]?.body ?? '{}') as { query: { queryText: string } };
  assert.match(query.query.queryText, /LW_CFG_AWS_EC2_VOLUMES/);
});

test('a running machine whose agent fell silent is named with the time it was last heard of', async () => {
  const silent = estate.assets.find((a) => a.name === 'devbox-2');
  assert.ok(silent);
  const signals = await lacework.idleSignals({ accountId: silent.accountId, region: silent.region });
  const quiet = signals.filter((s) => s.kind === 'agent-silent');
  assert.deepEqual(
    quiet.map((s) => s.assetKey),
    [silent.assetKey],
  );
  assert.match(quiet[0]?.title ?? '', /9[56] hours ago/);
  assert.ok(Date.now() - Date.parse(quiet[0]?.observedAt ?? '') > 90 * 3_600_000);
});

test('signs of idleness in the other clouds come from their inventory, one region at a time', async () => {
  const azure = await lacework.idleSignals({ accountId: SUBSCRIPTION, region: 'westeurope' });
  assert.deepEqual(
    azure.map((s) => [s.kind, s.assetKey.split('/').at(-1)]),
    [['unattached', 'az-disk-1']],
  );
  const google = await lacework.idleSignals({ accountId: PROJECT, region: 'europe-west1' });
  assert.deepEqual(google.map((s) => [s.kind, s.assetKey.split('/').at(-1)]).toSorted(byFirst), [
    ['stopped', 'gc-old-1'],
    ['unattached', 'gc-disk-1'],
  ]);
  assert.deepEqual(await lacework.idleSignals({ accountId: PROJECT, region: 'us-central1' }), []);
});

test('an account id that is none never gets into a query', async () => {
  const before = calls('Queries/execute').length;
  const signals = await lacework.idleSignals({ accountId: "acme' OR '1'='1", region: 'us-east-1' });
  assert.deepEqual(signals, []);
  assert.equal(calls('Queries/execute').length, before);
});

test('check says what is visible, and names what is missing', async () => {
  assert.match(await lacework.check(), /^4 cloud configuration integrations at 127\.0\.0\.1/);
  const path = '/CloudAccounts';
  simulator.faults.push({ path, kind: 'status', status: 403, times: 1, responseBody: '{"message":"Forbidden"}' });
  await assert.rejects(
    lacework.check(),
    (e) => isProviderError(e, 'unauthorised') && /read cloud account integrations/.test(e.message),
  );
  const off = JSON.stringify({
    data: [
      { type: 'AwsCfg', enabled: 0 },
      { type: 'AwsCtSqs', enabled: 1 },
    ],
  });
  simulator.faults.push({ path, kind: 'status', status: 200, times: 1, responseBody: off });
  await assert.rejects(lacework.check(), (e) => isProviderError(e, 'unauthorised') && /AwsCfg/.test(e.message));
});
