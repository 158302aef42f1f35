import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { Posture } from '../../../schemas/posture.ts';
import { find, startPrisma } from './prisma-harness.ts';

const site = await startPrisma();
const { prisma, simulator } = site;

test('findings are OCSF-aligned: alerts with their policy, vulnerabilities with KEV and exploit, ports and roles', async () => {
  const posture = await prisma.posture(await find(site, 'edge-kev-1'));
  assert.deepEqual(Posture.parse(posture), posture);
  assert.equal(posture.internetExposed, true);
  assert.deepEqual(posture.openPorts, ['22', '8080']);
  assert.equal(posture.adminPrivileges, true);
  assert.deepEqual(posture.iamRoles, ['ops-admin']);
  const log4j = posture.findings.filter((f) => f.cve?.uid === 'CVE-2021-44228');
  assert.deepEqual(
    log4j.map((f) => [f.class_uid, f.severity_id, f.status_id, f.cve?.known_exploited, f.cve?.is_exploit_available]),
    [[2002, 5, 1, true, true]],
    'found by two scanners, reported once, with the details',
  );
  const alert = posture.findings.find((f) => f.policy);
  assert.equal(alert?.class_uid, 2003);
  assert.equal(alert?.isIssue, true);
  assert.equal(alert?.policy?.name, alert?.title);
  assert.deepEqual(alert?.policy?.labels, ['acme-baseline', 'network']);
});

test('configuration alerts are findings nobody waits for; personal data is data security; a detection is class 2004', async () => {
  const store = await prisma.posture(await find(site, 'survey-store'));
  assert.equal(store.sensitiveData, true);
  assert.ok(store.findings.some((f) => f.class_uid === 2006 && !f.isIssue));
  const idle = await prisma.posture(await find(site, 'report-idle-1'));
  assert.ok(idle.findings.some((f) => f.class_uid === 2003 && !f.isIssue && f.policy?.labels.includes('config')));
  assert.ok(
    idle.findings.some((f) => f.class_uid === 2003 && f.isIssue),
    'an attack path',
  );
  assert.equal(idle.sensitiveData, null, 'silence is not "no"');
  assert.equal(idle.adminPrivileges, false);
  assert.deepEqual(idle.iamRoles, ['web-platform']);
  const threatened = (await prisma.posture(await find(site, 'web-5'))).findings.filter((f) => f.class_uid === 2004);
  assert.deepEqual(threatened.map((f) => `${f.isIssue} ${f.severity_id}`).sort(), ['false 4', 'true 4']);
  assert.ok(
    threatened.some((f) => /cryptoMiner/.test(f.title)),
    'the runtime incident of Compute beside the anomaly',
  );
});

test('exposure needs a rule that lets anybody in and an address to come to', async () => {
  assert.equal((await prisma.posture(await find(site, 'gc-vm'))).internetExposed, true);
  const azure = await prisma.posture(await find(site, 'az-vm'));
  assert.equal(azure.internetExposed, true, 'where the configuration has no word of an address, the rule decides');
  assert.deepEqual(azure.openPorts, ['3389']);
  const inside = await prisma.posture(await find(site, 'report-idle-1'));
  assert.deepEqual([inside.internetExposed, inside.openPorts], [false, []]);
  const volume = await prisma.posture(await find(site, 'old-db-data'));
  assert.equal(volume.internetExposed, null, 'no rules of a network are known for a volume');
});

test('an asset is found by its vendor id, and without one by its key', async () => {
  for (const name of ['report-idle-1', 'old-db-data', 'old-vpn-ip', 'az-vm', 'az-disk', 'gc-vm', 'gc-sql']) {
    const asset = await find(site, name);
    const known = await prisma.posture(asset);
    const lookedUp = await prisma.posture({ ...asset, vendorId: null });
    assert.equal(lookedUp.vendorId, asset.vendorId, name);
    assert.deepEqual(
      lookedUp.findings.map((f) => f.uid),
      known.findings.map((f) => f.uid),
    );
  }
});

test('resource names are opaque: text for some assets, an object for others', async () => {
  const ids = await Promise.all(
    ['report-idle-1', 'edge-kev-1', 'az-vm', 'az-disk', 'gc-vm', 'gc-ip', 'wiki-idle-1'].map(
      async (name) => (await find(site, name)).vendorId.split('@')[1] ?? '',
    ),
  );
  assert.ok(ids.some((id) => id.startsWith('rrn:')) && ids.some((id) => id.startsWith('{')), String(ids));
});

test('an asset the platform has never seen is not-found; a name that now means another asset is not trusted', async () => {
  const asset = await find(site, 'report-idle-1');
  const never = { ...asset, assetKey: `${asset.assetKey}0`, resourceId: `${asset.resourceId}0` };
  await assert.rejects(prisma.posture({ ...never, vendorId: 'rrn::never' }), (e) => isProviderError(e, 'not-found'));
  await assert.rejects(prisma.posture({ ...never, vendorId: null }), (e) => isProviderError(e, 'not-found'));
  await assert.rejects(
    prisma.posture(never),
    (e) => isProviderError(e, 'malformed') && /another asset/.test(e.message),
  );
});

test('an alert we half understand stays, with what is unknown marked; one without an id is unread', async () => {
  const asset = await find(site, 'report-idle-1');
  const arm = (alert: unknown) =>
    simulator.faults.push({
      path: '/v2/alert',
      kind: 'status',
      status: 200,
      times: 1,
      responseBody: JSON.stringify({ items: [alert], nextPageToken: null }),
    });
  const odd = { policyType: 'quantum', severity: 'apocalyptic', labels: 'none' };
  arm({ id: 'P-1', status: 'pondering', firstSeen: 'once', policyId: 'p-1', policy: odd, resource: 7 });
  const findings = (await prisma.posture(asset)).findings.filter((f) => f.uid === 'P-1');
  assert.deepEqual(findings, [
    {
      uid: 'P-1',
      class_uid: 2004,
      title: 'Alert without a policy name',
      severity_id: 0,
      status_id: 0,
      first_seen_time: null,
      last_seen_time: null,
      cve: null,
      isIssue: true,
      policy: { uid: 'p-1', name: 'p-1', labels: [] },
    },
  ]);
  arm({ status: 'open' });
  const [unread] = (await prisma.posture(asset)).unread ?? [];
  assert.deepEqual([unread?.source, unread?.operation, unread?.field], ['prisma', 'alerts', 'id']);
});

test('an answer that only looks empty is an error: nothing missing is read as nothing found', async () => {
  const asset = await find(site, 'edge-kev-1');
  for (const [path, body] of [
    ['/v2/alert', '{}'],
    ['/resource/network', '{"rules":[]}'],
    ['/api/v1/permission', '{"data":{}}'],
    ['/hosts', '{"hosts":[]}'],
    [
      '/hosts',
      JSON.stringify([{ cloudMetadata: { resourceID: asset.resourceId }, vulnerabilityDistribution: { total: 3 } }]),
    ],
  ] as const) {
    simulator.faults.push({ path, kind: 'status', status: 200, times: 1, responseBody: body });
    await assert.rejects(prisma.posture(asset), (e) => isProviderError(e, 'malformed'), `${path} ${body}`);
    assert.equal(simulator.faults.length, 0);
  }
});

const answerOnce = (path: string, answer: unknown, body?: string) =>
  simulator.faults.push({
    path,
    ...(body ? { body } : {}),
    kind: 'status',
    status: 200,
    times: 1,
    responseBody: JSON.stringify(answer),
  });

test('alerts are read on over pages, and a list that does not end is stopped', async () => {
  const asset = await find(site, 'edge-kev-1');
  const alert = (id: string) => ({ id, status: 'open', policy: { policyType: 'network' } });
  answerOnce('/v2/alert', { items: [alert('P-1')], nextPageToken: 'more' });
  answerOnce('/v2/alert', { items: [alert('P-2')], nextPageToken: '' }, '"pageToken":"more"');
  const read = await prisma.posture(asset);
  assert.deepEqual(
    read.findings.filter((f) => f.isIssue).map((f) => f.uid),
    ['P-1', 'P-2'],
  );
  const same = { items: [], nextPageToken: 'same' };
  for (let n = 0; n < 3; n++) answerOnce('/v2/alert', same);
  await assert.rejects(prisma.posture(asset), (e) => isProviderError(e, 'malformed') && /does not end/.test(e.message));
  simulator.faults.length = 0;
});

test('permissions are read on; "no administrator" needs the whole list, "administrator" does not', async () => {
  const asset = await find(site, 'report-idle-1');
  const grant = (role: string, action: string) => ({ grantedByCloudEntityName: role, effectiveActionName: action });
  answerOnce('/permission', { data: { items: [grant('a', 's3:Get')], nextPageToken: 'p2' } });
  answerOnce('/permission/page', { items: [grant('b', 's3:Put')], nextPageToken: '' }, '"pageToken":"p2"');
  const whole = await prisma.posture(asset);
  assert.deepEqual([whole.iamRoles, whole.adminPrivileges], [['a', 'b'], false]);
  const endless = (action: string) => {
    answerOnce('/permission', { data: { items: [grant('a', action)], nextPageToken: 'x' } });
    for (let n = 0; n < 4; n++) answerOnce('/permission/page', { items: [grant('b', 's3:Put')], nextPageToken: 'x' });
  };
  endless('s3:Get');
  assert.equal((await prisma.posture(asset)).adminPrivileges, null);
  endless('*');
  assert.equal((await prisma.posture(asset)).adminPrivileges, true);
  assert.equal(simulator.faults.length, 0);
});

test('what was resolved long ago is left out; an incident somebody put away is suppressed', async () => {
  const asset = await find(site, 'edge-kev-1');
  const resolved = (id: string, days: number) => ({
    id,
    status: 'resolved',
    lastUpdated: Date.now() - days * 86_400_000,
    policy: { policyType: 'anomaly' },
  });
  answerOnce('/v2/alert', { items: [resolved('N-old', 40), resolved('N-new', 10)], nextPageToken: null });
  answerOnce('/audits/incidents', [
    {
      _id: 'a',
      category: 'reverseShell',
      acknowledged: true,
      resourceID: asset.resourceId,
      audits: [{ severity: 'low' }],
    },
    { _id: 'b', acknowledged: false, resourceID: 'i-another' },
  ]);
  const detections = (await prisma.posture(asset)).findings.filter((f) => f.class_uid === 2004);
  assert.deepEqual(
    detections.map((f) => [f.uid, f.status_id, f.severity_id]),
    [
      ['N-new', 4, 0],
      ['a', 3, 2],
    ],
  );
});

test('without the IAM module and without Compute those facts are unknown, and nothing is asked', async () => {
  const bare = await startPrisma({ config: { permissionQuery: null, compute: false } });
  const posture = await bare.prisma.posture(await find(bare, 'edge-kev-1'));
  assert.equal(posture.iamRoles, null);
  assert.equal(posture.adminPrivileges, null);
  assert.equal(bare.sent(/permission|compute|meta_info/).length, 0);
  assert.equal(bare.prisma.imageFindings, undefined);
  const cve = posture.findings.find((f) => f.cve);
  assert.equal(cve?.cve?.known_exploited, null, 'an external finding says nothing of it');
});

test('permissions refused are named with the way out', async () => {
  const asset = await find(site, 'edge-kev-1');
  for (const [path, hint] of [
    ['/api/v1/permission', /IAM security.*permissionQuery/],
    ['/v2/alert', /view for Alerts/],
    ['/hosts', /Compute host monitoring.*compute to false/],
    ['/audits/incidents', /runtime incidents/],
  ] as const) {
    simulator.prisma.deny(path);
    await assert.rejects(
      prisma.posture(asset),
      (e) => isProviderError(e, 'unauthorised') && hint.test(e.message),
      path,
    );
  }
  simulator.prisma.deny(null);
});

test('requests for the posture of one asset', async (t) => {
  const instance = await find(site, 'edge-kev-1');
  const volume = await find(site, 'old-db-data');
  const requests = async (asset: typeof instance) => {
    simulator.journal.clear();
    await prisma.posture(asset);
    return simulator.journal.entries().length;
  };
  const [vm, disk] = [await requests(instance), await requests(volume)];
  assert.ok(vm <= 7 && disk <= 4, `${vm} ${disk}`);
  t.diagnostic(`posture of 1,000 assets: ${vm}000 requests for virtual machines with findings, ${disk}000 for volumes`);
});
