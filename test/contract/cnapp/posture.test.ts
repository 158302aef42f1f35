import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CnappPort, RescanStatus } from '../../../ports/cnapp.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { InventoryAsset } from '../../../schemas/asset.ts';
import { Posture } from '../../../schemas/posture.ts';
import { everythingIn, readAll, startWiz } from './helpers.ts';

const { wiz, simulator, states } = await startWiz();

async function find(port: CnappPort, name: string, region = 'us-east-1'): Promise<InventoryAsset> {
  const pages = await readAll(port, everythingIn('111122223333', region));
  const asset = pages.flatMap((p) => p.assets).find((a) => a.name === name);
  assert.ok(asset, name);
  return asset;
}

async function rescan(port: CnappPort, asset: InventoryAsset): Promise<RescanStatus[]> {
  const { rescanId } = await port.requestRescan(asset);
  const seen: RescanStatus[] = [];
  for (;;) {
    const status = await port.rescanStatus(rescanId);
    seen.push(status);
    if (status !== 'pending' && status !== 'running') return seen;
  }
}

test('findings are OCSF-aligned: vulnerability with KEV and exploit, issue, misconfiguration, detection, open ports', async () => {
  const posture = await wiz.posture(await find(wiz, 'demo-kev-2', 'eu-west-1'));
  assert.deepEqual(Posture.parse(posture), posture);
  assert.equal(posture.internetExposed, true);
  assert.deepEqual(posture.openPorts, ['8080']);
  const log4j = posture.findings.find((f) => f.cve?.uid === 'CVE-2021-44228');
  assert.deepEqual(log4j?.cve, { uid: 'CVE-2021-44228', known_exploited: true, is_exploit_available: true });
  assert.equal(log4j?.class_uid, 2002);
  assert.equal(log4j?.severity_id, 5);
  const issues = posture.findings.filter((f) => f.isIssue);
  assert.deepEqual(
    issues.map((f) => f.class_uid),
    [2003, 2003],
  );
  assert.ok(issues.every((f) => f.status_id === 1));
  const threatened = await wiz.posture(await find(wiz, 'web-5'));
  assert.deepEqual(
    threatened.findings.map((f) => [f.class_uid, f.isIssue]),
    [
      [2004, true],
      [2004, false],
    ],
  );
  const store = await wiz.posture(await find(wiz, 'survey-store', 'eu-west-1'));
  assert.equal(store.sensitiveData, true);
  assert.ok(store.findings.some((f) => f.class_uid === 2003 && !f.isIssue));
});

test('one request reads a posture, and lists longer than a page are read on', async () => {
  const asset = await find(wiz, 'demo-kev-2', 'eu-west-1');
  const before = simulator.journal.entries().length;
  const whole = await wiz.posture(asset);
  assert.equal(simulator.journal.entries().length - before, 1);
  const small = await startWiz({ client: { findingPageSize: 1 } });
  const read = await small.wiz.posture(await find(small.wiz, 'demo-kev-2', 'eu-west-1'));
  assert.deepEqual(read.findings.map((f) => f.uid).sort(), whole.findings.map((f) => f.uid).sort());
});

test('an asset Wiz has never seen is not-found; an id that now means another asset is not trusted', async () => {
  const asset = await find(wiz, 'report-idle-1');
  await assert.rejects(wiz.posture({ ...asset, vendorId: '00000000-0000-4000-a000-000000000000' }), (e) =>
    isProviderError(e, 'not-found'),
  );
  await assert.rejects(wiz.posture({ ...asset, assetKey: `${asset.assetKey}0` }), (e) =>
    isProviderError(e, 'malformed'),
  );
});

test('a scan runs pending → running → succeeded; issues stay open while the machine runs and resolve once it is stopped', async () => {
  const asset = await find(wiz, 'edge-kev-1');
  assert.deepEqual(await rescan(wiz, asset), ['pending', 'running', 'succeeded']);
  const still = (await wiz.posture(asset)).findings.filter((f) => f.isIssue);
  assert.ok(still.length > 0 && still.every((f) => f.status_id === 1));
  states.set('edge-kev-1', 'stopped');
  await rescan(wiz, asset);
  const posture = await wiz.posture(asset);
  assert.ok(posture.findings.filter((f) => f.isIssue).every((f) => f.status_id === 4));
  assert.ok(
    posture.findings.some((f) => f.class_uid === 2002 && f.status_id === 1),
    'its disk is still vulnerable',
  );
  assert.equal(posture.internetExposed, false);
  assert.deepEqual(posture.openPorts, []);
});

test('an asset that is gone leaves the inventory only after the rescan', async () => {
  const asset = await find(wiz, 'loadtest-idle-1');
  states.set('loadtest-idle-1', 'gone');
  await find(wiz, 'loadtest-idle-1');
  await rescan(wiz, asset);
  const rows = (await readAll(wiz, everythingIn('111122223333', 'us-east-1'))).flatMap((p) => p.assets);
  assert.ok(!rows.some((a) => a.name === 'loadtest-idle-1'));
});

test('a finished scan does not mean the issue is re-evaluated: it resolves only after a while', async () => {
  let now = Date.now();
  const slow = await startWiz({ resolveDelayMs: 60_000, clock: () => now, stateOf: () => 'stopped' });
  const asset = await find(slow.wiz, 'report-idle-1');
  await rescan(slow.wiz, asset);
  const status = async () => (await slow.wiz.posture(asset)).findings.find((f) => f.isIssue)?.status_id;
  assert.equal(await status(), 1);
  now += 61_000;
  assert.equal(await status(), 4);
});

test('skipped, failed and timed-out scans are not success, and resolve nothing', async () => {
  const asset = await find(wiz, 'mailer-idle', 'eu-west-1');
  for (const [outcome, expected] of [
    ['SKIPPED', 'skipped'],
    ['FAILURE', 'failed'],
    ['TIMED_OUT', 'timed-out'],
  ] as const) {
    simulator.wiz.scanOutcome(outcome);
    assert.equal((await rescan(wiz, asset)).at(-1), expected);
  }
  simulator.wiz.scanOutcome('SUCCESS');
  const odd = JSON.stringify({ data: { systemActivity: { id: 'x', status: 'HALF_DONE' } } });
  simulator.faults.push({ body: 'ScanStatus', kind: 'status', status: 200, responseBody: odd, times: 1 });
  await assert.rejects(wiz.rescanStatus('x'), (e) => isProviderError(e, 'malformed') && /HALF_DONE/.test(e.message));
  await assert.rejects(wiz.rescanStatus('never-asked'), (e) => isProviderError(e, 'not-found'));
});

test('a finding we half understand stays, with what is unknown marked; one without an id is unread', async () => {
  const asset = await find(wiz, 'report-idle-1');
  const list = (nodes: unknown[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });
  const answer = (issue: unknown) =>
    JSON.stringify({
      data: {
        resource: { id: asset.vendorId, providerUniqueId: asset.assetKey },
        openIssues: list([issue]),
        resolvedIssues: list([]),
        configuration: list([]),
        vulnerability: list([]),
        exposure: list([{ type: 'PUBLIC_INTERNET', portRange: 22 }]),
        detections: list([]),
      },
    });
  const arm = (issue: unknown) =>
    simulator.faults.push({ body: 'Posture', kind: 'status', status: 200, times: 1, responseBody: answer(issue) });
  arm({ id: 'i-1', type: 'QUANTUM_RISK', status: 'PONDERING', severity: 'APOCALYPTIC', createdAt: 'once' });
  const posture = await wiz.posture(asset);
  assert.deepEqual(posture.findings, [
    {
      uid: 'i-1',
      class_uid: 2004,
      title: 'Issue without a rule name',
      severity_id: 0,
      status_id: 0,
      first_seen_time: null,
      last_seen_time: null,
      cve: null,
      isIssue: true,
      policy: null,
    },
  ]);
  assert.equal(posture.adminPrivileges, null);
  assert.equal(posture.sensitiveData, null);
  assert.deepEqual(posture.openPorts, ['unknown']);
  arm({ type: 'TOXIC_COMBINATION' });
  const [unread] = (await wiz.posture(asset)).unread ?? [];
  assert.deepEqual(
    [unread?.source, unread?.operation, unread?.field, unread?.found],
    ['wiz', 'issuesV2', 'id', 'nothing'],
  );
});

test('a note is written once per marker, also when the answer to the first attempt was lost', async () => {
  const asset = await find(wiz, 'report-idle-1');
  const issueId = (await wiz.posture(asset)).findings.find((f) => f.isIssue)?.uid as string;
  const note = { issueId, marker: 'idlewise:run-1:outcome', text: 'Stopped, saves 70.08 USD a month' };
  simulator.faults.push({ body: 'AddNote', kind: 'reset-after-effect', times: 1 });
  await assert.rejects(wiz.addIssueNote(note), (e) => isProviderError(e, 'unavailable'));
  const again = await wiz.addIssueNote(note);
  assert.equal(again.created, false);
  assert.equal((await wiz.addIssueNote({ ...note, marker: 'idlewise:run-2:outcome' })).created, true);
  await assert.rejects(wiz.addIssueNote({ ...note, issueId: 'none' }), (e) => isProviderError(e, 'not-found'));
});

test('notes, scans and resolved issues survive a restart of the simulator', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'wiz-'));
  after(() => rmSync(dir, { recursive: true }));
  const stateFile = join(dir, 'wiz.json');
  const first = await startWiz({ stateFile, stateOf: () => 'stopped' });
  const asset = await find(first.wiz, 'report-idle-1');
  await rescan(first.wiz, asset);
  const issueId = (await first.wiz.posture(asset)).findings.find((f) => f.isIssue)?.uid as string;
  await first.wiz.addIssueNote({ issueId, marker: 'm', text: 'm' });
  await first.simulator.stop();
  const second = await startWiz({ stateFile, stateOf: () => 'stopped', estate: first.estate });
  assert.equal((await second.wiz.addIssueNote({ issueId, marker: 'm', text: 'm' })).created, false);
  assert.equal((await second.wiz.posture(asset)).findings.find((f) => f.isIssue)?.status_id, 4);
});
