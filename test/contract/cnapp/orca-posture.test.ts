import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { Posture } from '../../../schemas/posture.ts';
import { EU, find, LAB_AZURE, LAB_GCP, startOrca, US } from './orca-helpers.ts';

const { orca, estate, simulator, requests } = await startOrca({ config: { alertApi: 'query' } });

test('findings are OCSF-aligned: vulnerability with KEV and exploit, alerts with their policy, ports and roles', async () => {
  const posture = await orca.posture(await find(orca, 'demo-kev-2', EU));
  assert.deepEqual(Posture.parse(posture), posture);
  assert.equal(posture.source, 'orca');
  assert.equal(posture.internetExposed, true);
  assert.deepEqual(posture.openPorts, ['8080']);
  const log4j = posture.findings.find((f) => f.cve?.uid === 'CVE-2021-44228');
  assert.deepEqual(log4j?.cve, { uid: 'CVE-2021-44228', known_exploited: true, is_exploit_available: true });
  assert.equal(log4j?.class_uid, 2002);
  assert.equal(log4j?.severity_id, 5);
  assert.equal(log4j?.isIssue, false);
  const alerts = posture.findings.filter((f) => f.isIssue);
  assert.ok(alerts.length >= 2 && alerts.every((f) => f.class_uid === 2003 && f.status_id === 1));
  for (const alert of alerts) {
    assert.equal(alert.policy?.name, alert.title);
    assert.match(alert.policy?.uid ?? '', /^r[0-9a-f]{10}$/);
    assert.deepEqual(alert.policy?.labels, ['source: orca scan']);
  }
  const admin = await orca.posture(await find(orca, 'edge-kev-1', US));
  assert.equal(admin.adminPrivileges, true);
  assert.deepEqual(admin.iamRoles, ['edge-kev-1-admin']);
});

test('a detection is class 2004, also by its words when its category is not one; data at risk is class 2006', async () => {
  const threatened = await orca.posture(await find(orca, 'web-5', US));
  assert.deepEqual(
    threatened.findings.map((f) => [f.class_uid, f.isIssue]),
    [[2004, true]],
  );
  const store = await orca.posture(await find(orca, 'survey-store', EU));
  assert.equal(store.sensitiveData, true);
  assert.ok(store.findings.some((f) => f.class_uid === 2006));
  assert.equal(store.iamRoles, null, 'a disk has no role that Orca names: not known, never none');
});

test('assets of Azure and Google Cloud have a posture of the same shape', async () => {
  for (const [name, place] of [
    ['Lab-Vm-1', LAB_AZURE],
    ['lab-gce-1', LAB_GCP],
    ['lab-sql', LAB_GCP],
  ] as const) {
    const posture = await orca.posture(await find(orca, name, place));
    assert.ok(
      posture.findings.some((f) => f.cve?.known_exploited),
      name,
    );
    assert.equal(posture.internetExposed, true);
  }
});

test('three requests read a posture; longer lists are read on, through short and moving pages, to the same findings', async () => {
  const asset = await find(orca, 'demo-kev-2', EU);
  const before = requests().length;
  const whole = await orca.posture(asset);
  assert.equal(requests().length - before, 3);
  const many = {
    ...estate,
    assets: estate.assets.map((a) =>
      a.name === 'demo-kev-2'
        ? { ...a, posture: { ...a.posture, findings: Array.from({ length: 23 }, (_, i) => finding(i)) } }
        : a,
    ),
  };
  assert.ok(whole.findings.length >= 3);
  const small = await startOrca({ estate: many, config: { alertApi: 'query' }, client: { findingPageSize: 3 } });
  for (const alertApi of ['query', 'serving-layer']) {
    const { orca: client } = await startOrca({ estate: many, config: { alertApi }, client: { findingPageSize: 3 } });
    const posture = await client.posture(await find(client, 'demo-kev-2', EU));
    assert.equal(posture.findings.length, 23, alertApi);
  }
  await small.orca.posture(await find(small.orca, 'demo-kev-2', EU));
  assert.ok(small.requests('/api/query/alerts').length > 3);
});

const finding = (i: number) => ({
  kind: i % 2 === 0 ? ('misconfiguration' as const) : ('vulnerability' as const),
  title: `Finding ${i}`,
  severity: 'LOW' as const,
  cve: `CVE-2024-${1000 + i}`,
});

test('half a list of findings is no posture: a list that ends early, stands still or is too long is an error', async () => {
  const asset = await find(orca, 'demo-kev-2', EU);
  const answer = (data: unknown[], total: number, times: number) =>
    simulator.faults.push({
      path: '/api/query/alerts',
      kind: 'status',
      status: 200,
      times,
      responseBody: JSON.stringify({ status: 'success', data, total_items: total }),
    });
  const alert = { state: { alert_id: 'orca-1', status: 'open' } };
  answer([], 4, 1);
  await assert.rejects(orca.posture(asset), (e) => isProviderError(e, 'unavailable') && /0 of 4 rows/.test(e.message));
  answer([alert], 4, 2);
  await assert.rejects(orca.posture(asset), (e) => isProviderError(e, 'malformed') && /second time/.test(e.message));
  answer([alert], 10_001, 1);
  await assert.rejects(orca.posture(asset), (e) => isProviderError(e, 'malformed') && /first 10000/.test(e.message));
});

test('both alert interfaces give the same findings', async () => {
  const serving = await startOrca({ config: { alertApi: 'serving-layer' } });
  const asset = await find(orca, 'edge-kev-1', US);
  const [older, newer] = [await orca.posture(asset), await serving.orca.posture(asset)];
  const shape = (p: Posture) =>
    p.findings.map((f) => JSON.stringify([f.uid, f.class_uid, f.title, f.severity_id, f.status_id, f.isIssue])).sort();
  assert.deepEqual(shape(newer), shape(older));
  assert.equal(serving.requests('/api/query/alerts').length, 0);
  assert.ok(newer.findings.filter((f) => f.isIssue).every((f) => f.policy?.uid && f.policy.labels.length === 1));
});

test('an asset Orca has never seen is not-found; an id that now means another asset is not trusted', async () => {
  const asset = await find(orca, 'report-idle-1', US);
  await assert.rejects(orca.posture({ ...asset, vendorId: 'vm_111122223333_i-none' }), (e) =>
    isProviderError(e, 'not-found'),
  );
  const other = await find(orca, 'edge-kev-1', US);
  await assert.rejects(
    orca.posture({ ...asset, vendorId: other.vendorId }),
    (e) => isProviderError(e, 'malformed') && /another asset/.test(e.message),
  );
});

test('without an id of Orca the asset is looked up by its key in every cloud; what is not there is not-found', async () => {
  for (const [name, place] of [
    ['edge-kev-1', US],
    ['old-vpn-ip', US],
    ['Lab-Vm-1', LAB_AZURE],
    ['lab-gce-1', LAB_GCP],
    ['lab-sql', LAB_GCP],
  ] as const) {
    const asset = await find(orca, name, place);
    assert.equal((await orca.posture({ ...asset, vendorId: null })).vendorId, asset.vendorId, name);
  }
  const asset = await find(orca, 'edge-kev-1', US);
  const nowhere = { ...asset, vendorId: null, assetKey: `${asset.assetKey}0`, resourceId: `${asset.resourceId}0` };
  await assert.rejects(orca.posture(nowhere), (e) => isProviderError(e, 'not-found'));
});

test('a finding we half understand stays, with what is unknown marked; one without an id is unread', async () => {
  const asset = await find(orca, 'report-idle-1', US);
  const arm = (data: unknown[]) =>
    simulator.faults.push({
      path: '/api/query/alerts',
      kind: 'status',
      status: 200,
      times: 1,
      responseBody: JSON.stringify({ status: 'success', data, total_items: data.length }),
    });
  arm([
    {
      category: 'Quantum risk',
      state: { alert_id: 'orca-9', status: 'pondering', severity: 'apocalyptic', created_at: 'once' },
    },
    { category: 'Best practices', type_string: 'Crypto miner found', state: { alert_id: 'orca-10', status: 'open' } },
  ]);
  const posture = await orca.posture(asset);
  assert.deepEqual(posture.findings[0], {
    uid: 'orca-9',
    class_uid: 2004,
    title: 'Alert without a title',
    severity_id: 0,
    status_id: 0,
    first_seen_time: null,
    last_seen_time: null,
    cve: null,
    isIssue: true,
    policy: null,
  });
  assert.equal(posture.findings[1]?.class_uid, 2004);
  assert.equal(posture.adminPrivileges, null, 'no label says nothing');
  const newer = await startOrca({ config: { alertApi: 'serving-layer' } });
  const row = {
    AlertId: 'orca-11',
    Category: 'Vulnerabilities',
    RiskLevel: 'high',
    CveIds: { value: ['CVE-2024-6387'] },
  };
  newer.simulator.faults.push({
    body: '"Alert"',
    kind: 'status',
    status: 200,
    times: 1,
    responseBody: JSON.stringify({ status: 'success', data: [{ data: row }], total_items: 1 }),
  });
  const [finding] = (await newer.orca.posture(asset)).findings;
  assert.deepEqual([finding?.uid, finding?.class_uid, finding?.severity_id], ['orca-11', 2002, 4]);
  assert.deepEqual(finding?.cve, { uid: 'CVE-2024-6387', known_exploited: null, is_exploit_available: null });
  arm([{ category: 'Malware', state: { status: 'open' } }]);
  const [unread] = (await orca.posture(asset)).unread ?? [];
  assert.deepEqual([unread?.source, unread?.operation, unread?.field], ['orca', 'alerts', 'state.alert_id']);
});

test('a missing exploit or KEV answer is not "no", and the keys can be named', async () => {
  const plain = await startOrca({ names: { kevKey: 'KnownExploited', exploitKey: 'Exploited' } });
  const read = async (client: typeof orca) =>
    (await client.posture(await find(client, 'demo-kev-2', EU))).findings.find((f) => f.cve !== null)?.cve;
  const unnamed = await read(plain.orca);
  assert.deepEqual([unnamed?.known_exploited, unnamed?.is_exploit_available], [null, null]);
  const named = await startOrca({
    names: { kevKey: 'KnownExploited', exploitKey: 'Exploited' },
    config: { kevKey: 'KnownExploited', exploitKey: 'Exploited' },
  });
  assert.equal((await read(named.orca))?.known_exploited, true);
});
