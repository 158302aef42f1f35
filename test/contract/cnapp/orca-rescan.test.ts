import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CnappPort, RescanStatus } from '../../../ports/cnapp.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { InventoryAsset } from '../../../schemas/asset.ts';
import { EU, everythingIn, find, readAll, startOrca, US } from './orca-helpers.ts';

const { orca, simulator, states } = await startOrca();

async function rescan(port: CnappPort, asset: InventoryAsset): Promise<RescanStatus[]> {
  const { rescanId } = await port.requestRescan(asset);
  const seen: RescanStatus[] = [];
  for (;;) {
    const status = await port.rescanStatus(rescanId);
    seen.push(status);
    if (status !== 'pending' && status !== 'running') return seen;
  }
}

const issueStates = async (port: CnappPort, asset: InventoryAsset) =>
  (await port.posture(asset)).findings.filter((f) => f.isIssue).map((f) => f.status_id);

const distinct = (states: readonly number[]) => [...new Set(states)];

test('a scan is followed to its end; alerts stay open while the machine runs and close once it is stopped', async () => {
  const asset = await find(orca, 'edge-kev-1', US);
  assert.deepEqual(await rescan(orca, asset), ['pending', 'running', 'succeeded']);
  const still = await issueStates(orca, asset);
  assert.ok(still.length > 0 && still.every((s) => s === 1));
  states.set('edge-kev-1', 'stopped');
  await rescan(orca, asset);
  assert.ok((await issueStates(orca, asset)).every((s) => s === 4));
  const posture = await orca.posture(asset);
  assert.ok(
    posture.findings.some((f) => f.class_uid === 2002 && f.status_id === 1),
    'its disk is still vulnerable',
  );
  assert.equal(posture.internetExposed, false);
  assert.deepEqual(posture.openPorts, []);
});

test('an asset that is gone leaves the inventory only after the rescan', async () => {
  const asset = await find(orca, 'loadtest-idle-1', US);
  states.set('loadtest-idle-1', 'gone');
  await find(orca, 'loadtest-idle-1', US);
  await rescan(orca, asset);
  const rows = (await readAll(orca, everythingIn(...US))).flatMap((p) => p.assets);
  assert.ok(!rows.some((a) => a.name === 'loadtest-idle-1'));
});

test('a finished scan does not mean the alert is closed: that comes a while later', async () => {
  let now = Date.now();
  const slow = await startOrca({ resolveDelayMs: 60_000, clock: () => now, stateOf: () => 'stopped' });
  const asset = await find(slow.orca, 'report-idle-1', US);
  await rescan(slow.orca, asset);
  assert.deepEqual(distinct(await issueStates(slow.orca, asset)), [1]);
  now += 61_000;
  assert.deepEqual(distinct(await issueStates(slow.orca, asset)), [4]);
});

test('an alert closed long ago is no part of the posture any more', async () => {
  let now = Date.now();
  const clock = () => now;
  const later = await startOrca({ clock, stateOf: () => 'stopped', client: { clock, resolvedDays: 30 } });
  const asset = await find(later.orca, 'report-idle-1', US);
  await rescan(later.orca, asset);
  now += 29 * 86_400_000;
  assert.deepEqual(distinct(await issueStates(later.orca, asset)), [4]);
  now += 2 * 86_400_000;
  assert.deepEqual(await issueStates(later.orca, asset), []);
});

test('a failed scan is no success and closes nothing; a word that is not known keeps it running', async () => {
  const asset = await find(orca, 'mailer-idle', EU);
  states.set('mailer-idle', 'stopped');
  simulator.orca.scanOutcome('failed');
  assert.equal((await rescan(orca, asset)).at(-1), 'failed');
  assert.ok((await issueStates(orca, asset)).every((s) => s === 1));
  simulator.orca.scanOutcome('stuck');
  const { rescanId } = await orca.requestRescan(asset);
  for (let i = 0; i < 6; i++) await orca.rescanStatus(rescanId);
  assert.equal(await orca.rescanStatus(rescanId), 'running');
  const adopted = await orca.requestRescan(asset);
  assert.equal(adopted.rescanId, rescanId, 'the scan that runs already is adopted');
  const said = { error: 'Scan is already running', scan_id: rescanId.slice('scan:'.length) };
  simulator.faults.push({
    path: '/api/scan/asset',
    kind: 'status',
    status: 200,
    times: 1,
    responseBody: JSON.stringify(said),
  });
  assert.equal((await orca.requestRescan(asset)).rescanId, rescanId, 'also when it is said with status 200');
  simulator.orca.scanOutcome('done');
  assert.equal(await orca.rescanStatus(rescanId), 'succeeded');
});

test('what cannot be scanned is waited for: running until Orca itself looked again, or until the asset is gone', async () => {
  let now = Date.UTC(2026, 0, 5, 12, 0, 1);
  const clock = () => now;
  const lab = await startOrca({ clock, discoveryMs: 60_000, client: { clock } });
  const disk = await find(lab.orca, 'old-db-data', US);
  const { rescanId } = await lab.orca.requestRescan(disk);
  assert.match(rescanId, /^since:/);
  assert.equal(await lab.orca.rescanStatus(rescanId), 'running');
  now += 30_000;
  assert.equal(await lab.orca.rescanStatus(rescanId), 'running');
  now += 60_000;
  assert.equal(await lab.orca.rescanStatus(rescanId), 'succeeded');
  const again = await lab.orca.requestRescan(disk);
  lab.states.set('old-db-data', 'gone');
  assert.equal(await lab.orca.rescanStatus(again.rescanId), 'running');
  now += 60_000;
  assert.equal(await lab.orca.rescanStatus(again.rescanId), 'succeeded');
  assert.ok((await issueStates(lab.orca, disk)).every((s) => s === 4));
  lab.simulator.faults.push({ path: '/api/assets', kind: 'status', status: 404, times: 1 });
  assert.equal(await lab.orca.rescanStatus(again.rescanId), 'succeeded', 'an asset Orca dropped is gone');
});

test('unknown assets and scans are not-found', async () => {
  const asset = await find(orca, 'report-idle-1', US);
  await assert.rejects(orca.requestRescan({ ...asset, vendorId: 'vm_none' }), (e) => isProviderError(e, 'not-found'));
  for (const id of ['scan:never-asked', 'nonsense'])
    await assert.rejects(orca.rescanStatus(id), (e) => isProviderError(e, 'not-found'), id);
  simulator.faults.push({ path: '/api/scan/status', kind: 'status', status: 200, times: 1, responseBody: '{}' });
  await assert.rejects(orca.rescanStatus('scan:x'), (e) => isProviderError(e, 'malformed'));
});

test('a note is written once per marker, also when the answer to the first attempt was lost', async () => {
  const asset = await find(orca, 'report-idle-1', US);
  const issueId = (await orca.posture(asset)).findings.find((f) => f.isIssue)?.uid as string;
  const note = { issueId, marker: 'idlewise:run-1:outcome', text: 'Stopped, saves 70.08 USD a month' };
  simulator.faults.push({ path: '/comment', kind: 'reset-after-effect', times: 1 });
  await assert.rejects(orca.addIssueNote(note), (e) => isProviderError(e, 'unavailable'));
  const again = await orca.addIssueNote(note);
  assert.equal(again.created, false);
  assert.equal((await orca.addIssueNote(note)).created, false);
  const second = await orca.addIssueNote({ ...note, marker: 'idlewise:run-2:outcome' });
  assert.equal(second.created, true);
  assert.notEqual(second.noteId, again.noteId);
  await assert.rejects(orca.addIssueNote({ ...note, issueId: 'orca-none' }), (e) => isProviderError(e, 'not-found'));
});

test('a marker is found on a later page of the log as well', async () => {
  const small = await startOrca({ client: { findingPageSize: 2 } });
  const asset = await find(small.orca, 'report-idle-1', US);
  const issueId = (await small.orca.posture(asset)).findings.find((f) => f.isIssue)?.uid as string;
  for (const marker of ['m-1', 'm-2', 'm-3', 'm-4', 'm-5'])
    assert.equal((await small.orca.addIssueNote({ issueId, marker, text: 'note' })).created, true);
  assert.equal((await small.orca.addIssueNote({ issueId, marker: 'm-5', text: 'note' })).created, false);
});

test('comments, scans and closed alerts survive a restart of the simulator', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orca-'));
  after(() => rmSync(dir, { recursive: true }));
  const stateFile = join(dir, 'orca.json');
  const first = await startOrca({ stateFile, stateOf: () => 'stopped' });
  const asset = await find(first.orca, 'report-idle-1', US);
  const { rescanId } = await first.orca.requestRescan(asset);
  await first.orca.rescanStatus(rescanId);
  const issueId = (await first.orca.posture(asset)).findings.find((f) => f.isIssue)?.uid as string;
  await first.orca.addIssueNote({ issueId, marker: 'm', text: 'm' });
  await first.simulator.stop();
  const second = await startOrca({ stateFile, stateOf: () => 'stopped', estate: first.estate });
  assert.equal(await second.orca.rescanStatus(rescanId), 'running');
  assert.equal(await second.orca.rescanStatus(rescanId), 'succeeded');
  assert.equal((await second.orca.addIssueNote({ issueId, marker: 'm', text: 'm' })).created, false);
  assert.deepEqual(distinct(await issueStates(second.orca, asset)), [4]);
});
