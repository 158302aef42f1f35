import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { groupOf } from '../../../sandbox/lacework/configuration.ts';
import { Posture } from '../../../schemas/posture.ts';
import { clockFrom, find, PROD, startLacework } from './lacework-harness.ts';

const { lacework, simulator, estate, states, calls } = await startLacework();
const assetOf = (name: string) => find(lacework, estate, name);

test('findings are OCSF-aligned: vulnerability with exploit and exploitation, violation, alert with its policy, open ports', async () => {
  const posture = await lacework.posture(await assetOf('demo-kev-2'));
  assert.deepEqual(Posture.parse(posture), posture);
  assert.equal(posture.internetExposed, true);
  assert.deepEqual(posture.openPorts, ['8080']);
  const log4j = posture.findings.find((f) => f.cve?.uid === 'CVE-2021-44228');
  assert.deepEqual(log4j?.cve, { uid: 'CVE-2021-44228', known_exploited: true, is_exploit_available: true });
  assert.deepEqual([log4j?.class_uid, log4j?.severity_id, log4j?.status_id], [2002, 5, 1]);
  const issues = posture.findings.filter((f) => f.isIssue);
  assert.deepEqual(
    issues.map((f) => [f.class_uid, f.status_id]),
    [
      [2003, 1],
      [2003, 1],
    ],
  );
  for (const issue of issues) {
    assert.match(issue.policy?.uid ?? '', /^lacework-global-\d+$/);
    assert.deepEqual(issue.policy?.labels.slice(0, 2), ['Policy', 'Compliance']);
  }
  const store = await lacework.posture(await assetOf('survey-store'));
  const violation = store.findings.find((f) => f.class_uid === 2003 && !f.isIssue);
  assert.deepEqual([violation?.severity_id, violation?.status_id], [4, 1]);
  assert.deepEqual(violation?.policy?.labels, ['Resource configuration']);
});

test('of several evaluations only the newest counts, and what it says is fixed is no finding', async () => {
  const posture = await lacework.posture(await assetOf('demo-kev-2'));
  const cves = posture.findings.map((f) => f.cve?.uid).filter((cve) => cve !== undefined);
  assert.equal(new Set(cves).size, cves.length);
  assert.ok(!cves.includes('CVE-2020-1111'), 'fixed in the newest');
  assert.ok(!cves.includes('CVE-2020-2222'), 'only in an older one');
});

test('a threat that names its machine in its entities alone is found, on that machine and no other, as a detection', async () => {
  const threatened = await lacework.posture(await assetOf('web-5'));
  const threats = threatened.findings.filter((f) => f.class_uid === 2004);
  assert.deepEqual(
    threats.map((f) => [f.title, f.isIssue, f.status_id]),
    [['Outbound connection to a known mining pool', true, 1]],
  );
  assert.ok(threats[0]?.policy === null, 'no policy stands behind it');
  const other = await lacework.posture(await assetOf('web-1'));
  assert.ok(!other.findings.some((f) => f.class_uid === 2004));
});

test('machines of the other clouds have vulnerabilities, violations, detections and exposure by their own ids', async () => {
  for (const name of ['az-web-1', 'gc-web-1']) {
    const posture = await lacework.posture(await assetOf(name));
    assert.deepEqual(Posture.parse(posture), posture);
    assert.deepEqual(
      posture.findings.map((f) => f.class_uid),
      [2002, 2003, 2004],
      name,
    );
    assert.equal(posture.internetExposed, true);
    assert.deepEqual(posture.openPorts, ['unknown'], 'its rules are not read, and saying so is not saying none');
    assert.equal(posture.iamRoles?.length, 1);
    assert.equal(posture.adminPrivileges, null);
  }
});

test('roles come from the instance profile, and administrators are told apart; what is not said is not known', async () => {
  const admin = await lacework.posture(await assetOf('edge-kev-1'));
  assert.deepEqual(admin.iamRoles, [`arn:aws:iam::${PROD}:role/edge-kev-1-role`]);
  assert.equal(admin.adminPrivileges, true);
  assert.equal(admin.sensitiveData, null);
  const volume = await lacework.posture(await assetOf('old-db-data'));
  assert.deepEqual([volume.iamRoles, volume.adminPrivileges, volume.internetExposed], [null, null, null]);
  assert.deepEqual(volume.openPorts, []);
});

test('load balancers are exposed by their scheme; a group that opens everything, or is not known, is said so', async () => {
  const kept = await startLacework({ estate });
  const exposed = estate.assets.find((a) => a.loadBalancer && a.posture.internetExposed);
  const inside = estate.assets.find((a) => a.loadBalancer && !a.posture.internetExposed);
  assert.ok(exposed && inside);
  assert.equal((await kept.lacework.posture(await assetOf(inside.name))).internetExposed, false);
  const asset = await assetOf(exposed.name);
  const ports = async () => (await kept.lacework.posture(asset)).openPorts;
  assert.deepEqual(await ports(), [...exposed.posture.openPorts]);
  const answer = (rows: unknown[]) => {
    const responseBody = JSON.stringify({ data: rows });
    kept.simulator.faults.push({ path: 'Queries/execute', kind: 'status', status: 200, times: 1, responseBody });
  };
  answer([]);
  assert.deepEqual(await ports(), ['unknown']);
  const IpPermissions = [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }];
  answer([{ RESOURCE_ID: groupOf(estate.seed, exposed), RESOURCE_CONFIG: { IpPermissions } }]);
  assert.deepEqual(await ports(), ['all']);
});

test('an open port at a public address is exposure, whatever the agent thinks', async () => {
  const asset = await assetOf('demo-kev-2');
  const machine = { mid: 1, hostname: 'x', machineTags: { InstanceId: asset.resourceId, lw_InternetExposure: 'No' } };
  const responseBody = JSON.stringify({ data: [machine] });
  simulator.faults.push({ path: 'Entities/Machines', kind: 'status', status: 200, times: 1, responseBody });
  const posture = await lacework.posture(asset);
  assert.deepEqual([posture.internetExposed, posture.openPorts], [true, ['8080']]);
});

test('an asset is found without the vendor’s id, in every cloud', async () => {
  for (const name of ['web-5', 'old-vpn-ip', 'az-web-1', 'gc-web-1']) {
    const asset = await assetOf(name);
    for (const vendorId of [null, '6f1c-an-id-of-another-vendor'])
      assert.equal((await lacework.posture({ ...asset, vendorId })).vendorId, asset.vendorId, name);
  }
});

test('an asset Lacework has never seen is not-found; an id that means another asset is not trusted', async () => {
  const asset = await assetOf('report-idle-1');
  const stranger = {
    ...asset,
    resourceId: 'i-00000000000000abc',
    assetKey: asset.assetKey.replace(/i-.*$/, 'i-00000000000000abc'),
  };
  await assert.rejects(lacework.posture({ ...stranger, vendorId: null }), (e) => isProviderError(e, 'not-found'));
  await assert.rejects(lacework.posture({ ...asset, assetKey: `${asset.assetKey}0` }), (e) =>
    isProviderError(e, 'malformed'),
  );
});

test('findings longer than a page are read in full', async () => {
  const whole = await lacework.posture(await assetOf('demo-kev-2'));
  const small = await startLacework({ estate, pageRows: 1, malformedRows: false });
  const asset = await find(lacework, estate, 'demo-kev-2');
  const read = await small.lacework.posture(asset);
  assert.deepEqual(read.findings.map((f) => f.uid).sort(), whole.findings.map((f) => f.uid).sort());
  assert.ok(small.calls('Vulnerabilities/Hosts').length > 2);
});

test('long histories are asked for by the week, and what belongs to the account is read once for all its assets', async () => {
  const clock = clockFrom();
  const kept = await startLacework({
    clock: clock.read,
    config: { alertsFor: '2m', accountFactsFor: '30m' },
  });
  const first = await find(kept.lacework, kept.estate, 'demo-kev-2');
  const second = await find(kept.lacework, kept.estate, 'edge-kev-1');
  await kept.lacework.posture(first);
  for (const { body } of kept.calls('Alerts/search')) {
    const { timeFilter } = JSON.parse(body) as { timeFilter: { startTime: string; endTime: string } };
    assert.ok(Date.parse(timeFilter.endTime) - Date.parse(timeFilter.startTime) <= 7 * 86_400_000);
  }
  assert.equal(kept.calls('Alerts/search').length, 4);
  await kept.lacework.posture(second);
  assert.equal(kept.calls('Alerts/search').length, 4);
  for (const part of ['Configs/ComplianceEvaluations', 'Queries/execute'])
    assert.ok(kept.calls(part).length <= 2, part);
  const details = kept.calls('Alerts/').filter((e) => e.query.includes('Details')).length;
  clock.advance(121_000);
  await kept.lacework.posture(second);
  assert.equal(kept.calls('Alerts/search').length, 8);
  assert.equal(
    kept.calls('Alerts/').filter((e) => e.query.includes('Details')).length,
    details,
    'the details of an alert that has not changed are not read again',
  );
});

test('a detection that appears later is there at the next look', async () => {
  const asset = await assetOf('report-idle-1');
  const row = {
    alertId: 901,
    alertName: 'Unknown tool started',
    severity: 'Critical',
    status: 'Open',
    startTime: new Date().toISOString(),
    alertInfo: { subject: `seen on ${asset.resourceId}.`, description: '' },
  };
  simulator.faults.push({
    path: '/Alerts/search',
    kind: 'status',
    status: 200,
    times: 1,
    responseBody: JSON.stringify({ data: [row] }),
  });
  const posture = await lacework.posture(asset);
  assert.ok(posture.findings.some((f) => f.uid === '901' && f.class_uid === 2004 && f.severity_id === 5));
});

test('a finding we half understand stays, with what is unknown marked; one without an id is unread', async () => {
  const asset = await assetOf('mailer-idle');
  const arm = (path: string, rows: unknown[]) =>
    simulator.faults.push({
      path,
      kind: 'status',
      status: 200,
      times: 1,
      responseBody: JSON.stringify({ data: rows }),
    });
  const unreadOf = async (of: typeof asset) =>
    ((await lacework.posture(of)).unread ?? []).map(({ operation, field }) => `${operation} ${field}`);
  arm('/Vulnerabilities/Hosts', [{ vulnId: 'CVE-1', severity: 'Apocalyptic', status: 'Pondering', startTime: 'once' }]);
  arm('/ComplianceEvaluations', [{ resource: asset.assetKey, severity: 'Odd', status: 'Maybe' }]);
  arm('/Alerts/search', [{ alertId: 'x-1', status: 'Dreaming', alertInfo: { subject: asset.resourceId } }]);
  const posture = await lacework.posture(asset);
  assert.deepEqual(
    posture.findings.map((f) => [f.class_uid, f.uid, f.severity_id, f.status_id, f.first_seen_time]),
    [
      [2002, 'CVE-1/an unnamed package', 0, 0, null],
      [2003, 'policy without an id', 0, 0, null],
      [2004, 'x-1', 0, 0, null],
    ],
  );
  assert.deepEqual(posture.findings[0]?.cve, { uid: 'CVE-1', known_exploited: null, is_exploit_available: null });
  // A volume has no vulnerabilities, so that no request of its reading is under way when the next one is spoilt.
  arm('/Alerts/search', [{ severity: 'High' }]);
  const volume = await assetOf('old-db-data');
  assert.deepEqual(await unreadOf(volume), ['Alerts/search alertId']);
  arm('/Vulnerabilities/Hosts', [{ severity: 'High' }]);
  assert.deepEqual(await unreadOf(asset), ['Vulnerabilities/Hosts/search vulnId']);
});

test('a stopped machine is reachable from nowhere, its disk stays vulnerable and its alerts are closed', async () => {
  const asset = await assetOf('edge-kev-1');
  states.set('edge-kev-1', 'stopped');
  const { rescanId } = await lacework.requestRescan(asset);
  for (let i = 0; i < 3; i++) await lacework.rescanStatus(rescanId);
  const posture = await lacework.posture(asset);
  assert.equal(posture.internetExposed, false);
  assert.deepEqual(posture.openPorts, []);
  assert.ok(posture.findings.some((f) => f.class_uid === 2002 && f.status_id === 1));
  const issues = posture.findings.filter((f) => f.isIssue);
  assert.ok(issues.length > 0 && issues.every((f) => f.status_id === 4));
  states.delete('edge-kev-1');
});

test('a posture takes few requests, and fewer when the account was read before', async (t) => {
  const clock = clockFrom();
  const counted = await startLacework({
    estate,
    clock: clock.read,
    config: { alertsFor: '2m', accountFactsFor: '30m' },
  });
  const asset = await find(lacework, estate, 'edge-kev-1');
  const other = await find(lacework, estate, 'demo-kev-2');
  const requests = () => counted.simulator.journal.entries().length;
  await counted.lacework.posture(asset);
  const first = requests();
  await counted.lacework.posture(other);
  const second = requests() - first;
  t.diagnostic(`requests for the first posture of an account: ${first}; for one more: ${second}`);
  assert.ok(first <= 16 && second <= 4);
});

test('nothing but the searches that are needed is asked for', () => {
  const paths = new Set(calls('/api/v2/').map((e) => e.path.replace(/\/\d+$/, '/<id>')));
  for (const path of paths)
    assert.match(path, /^\/api\/v2\/(access\/tokens|Inventory|Entities|Vulnerabilities|Configs|Queries|Alerts)/, path);
});
