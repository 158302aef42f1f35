import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { clockFrom, everythingIn, find, follow, PROD, readAll, startLacework } from './lacework-harness.ts';

const { lacework, simulator, estate, states, calls, again } = await startLacework();

test('a rescan runs pending → running → succeeded; alerts stay open while the machine runs and close once it is stopped', async () => {
  const asset = await find(lacework, estate, 'edge-kev-1');
  assert.deepEqual(await follow(lacework, asset), ['pending', 'running', 'succeeded']);
  const still = (await lacework.posture(asset)).findings.filter((f) => f.isIssue);
  assert.ok(still.length > 0 && still.every((f) => f.status_id === 1));
  states.set('edge-kev-1', 'stopped');
  assert.equal((await follow(lacework, asset)).at(-1), 'succeeded');
  const issues = (await lacework.posture(asset)).findings.filter((f) => f.isIssue);
  assert.ok(issues.length > 0 && issues.every((f) => f.status_id === 4));
  assert.equal((await find(lacework, estate, 'edge-kev-1')).status, 'inactive');
});

test('machines of every cloud are followed to the end, each by a scan of its own cloud', async () => {
  for (const [name, csp] of [
    ['az-web-1', 'Azure'],
    ['gc-web-1', 'GCP'],
  ] as const) {
    assert.equal((await follow(lacework, await find(lacework, estate, name))).at(-1), 'succeeded');
    assert.ok(calls('Inventory/scan').some((e) => e.query === `?csp=${csp}` && e.method === 'POST'));
  }
});

test('an asset that is gone ends the rescan once the account was collected without it', async () => {
  const asset = await find(lacework, estate, 'loadtest-idle-1');
  states.set('loadtest-idle-1', 'gone');
  await find(lacework, estate, 'loadtest-idle-1');
  assert.equal((await follow(lacework, asset)).at(-1), 'succeeded');
});

test('a scan that is done proves nothing without newer data: the answer stays running, for the caller’s deadline to end', async () => {
  const asset = await find(lacework, estate, 'report-idle-1');
  simulator.lacework.loseCollections(true);
  const { rescanId } = await lacework.requestRescan(asset);
  const seen = [];
  for (let i = 0; i < 6; i++) seen.push(await lacework.rescanStatus(rescanId));
  simulator.lacework.loseCollections(false);
  assert.deepEqual(seen, ['pending', 'running', 'running', 'running', 'running', 'running']);
  states.set('report-idle-1', 'gone');
  assert.equal(await lacework.rescanStatus(rescanId), 'running', 'gone or not, nothing was collected since');
  states.delete('report-idle-1');
});

test('a row of an older collection does not end a rescan, should the search give it', async () => {
  const asset = await find(lacework, estate, 'mailer-idle');
  const { rescanId } = await lacework.requestRescan(asset);
  simulator.lacework.loseCollections(true);
  for (let i = 0; i < 3; i++) await lacework.rescanStatus(rescanId);
  simulator.lacework.loseCollections(false);
  const old = { urn: asset.vendorId, resourceType: 'ec2:instance', endTime: asset.lastSeenAt };
  const responseBody = JSON.stringify({ data: [old] });
  simulator.faults.push({ path: 'Inventory/search', kind: 'status', status: 200, times: 1, responseBody });
  assert.equal(await lacework.rescanStatus(rescanId), 'running');
  assert.equal(simulator.faults.length, 0);
});

test('rows that can be found only a while after the scan are waited for', async () => {
  const clock = clockFrom();
  const slow = await startLacework({ clock: clock.read, ingestDelayMs: 600_000 });
  const asset = await find(slow.lacework, slow.estate, 'report-idle-1');
  const { rescanId } = await slow.lacework.requestRescan(asset);
  for (let i = 0; i < 4; i++) {
    clock.advance(1000);
    assert.notEqual(await slow.lacework.rescanStatus(rescanId), 'succeeded');
  }
  assert.ok(slow.calls('Inventory/search').length > 3, 'the scan was done and its rows were looked for');
  clock.advance(601_000);
  assert.equal(await slow.lacework.rescanStatus(rescanId), 'succeeded');
});

test('a scan that hangs is running; words that are not known are an error, and so is an id of somebody else', async () => {
  const asset = await find(lacework, estate, 'mailer-idle');
  simulator.lacework.holdScans(true);
  const { rescanId } = await lacework.requestRescan(asset);
  for (let i = 0; i < 5; i++) assert.equal(await lacework.rescanStatus(rescanId), 'pending');
  simulator.lacework.holdScans(false);
  const odd = (status?: string) => {
    const responseBody = JSON.stringify({ data: { status } });
    simulator.faults.push({ path: 'Inventory/scan', kind: 'status', status: 200, times: 1, responseBody });
  };
  odd('half-done');
  await assert.rejects(
    lacework.rescanStatus(rescanId),
    (e) => isProviderError(e, 'malformed') && /half-done/.test(e.message),
  );
  odd();
  await assert.rejects(
    lacework.rescanStatus(rescanId),
    (e) => isProviderError(e, 'malformed') && /missing/.test(e.message),
  );
  for (const id of ['never-asked', Buffer.from('{"assetKey":"x"}').toString('base64url')])
    await assert.rejects(lacework.rescanStatus(id), (e) => isProviderError(e, 'not-found'));
});

test('a rescan of what was never collected is not-found, and a missing permission is named', async () => {
  const asset = await find(lacework, estate, 'report-idle-1');
  const resourceId = 'i-00000000000000abc';
  const stranger = { ...asset, vendorId: null, resourceId, assetKey: asset.assetKey.replace(/i-.*$/, resourceId) };
  await assert.rejects(lacework.requestRescan(stranger), (e) => isProviderError(e, 'not-found'));
  const responseBody = '{"message":"Forbidden"}';
  simulator.faults.push({ path: 'Inventory/scan', kind: 'status', status: 403, times: 1, responseBody });
  await assert.rejects(
    lacework.requestRescan(asset),
    (e) => isProviderError(e, 'unauthorised') && /start and watch inventory scans/.test(e.message),
  );
});

test('without the right to scan the next daily collection is waited for', async () => {
  const clock = clockFrom();
  const patient = await startLacework({ clock: clock.read, config: { requestScans: false } });
  const asset = await find(patient.lacework, patient.estate, 'report-idle-1');
  const { rescanId } = await patient.lacework.requestRescan(asset);
  clock.advance(3_600_000);
  assert.equal(await patient.lacework.rescanStatus(rescanId), 'running');
  clock.advance(23 * 3_600_000);
  assert.equal(await patient.lacework.rescanStatus(rescanId), 'succeeded');
  assert.deepEqual(patient.calls('Inventory/scan'), []);
});

test('an id outlives the process that gave it out', async () => {
  const asset = await find(lacework, estate, 'report-idle-1');
  const { rescanId } = await lacework.requestRescan(asset);
  const other = again();
  const seen = [];
  for (let i = 0; i < 3; i++) seen.push(await other.rescanStatus(rescanId));
  assert.deepEqual(seen, ['pending', 'running', 'succeeded']);
});

test('the state of a scan is asked for no more often than configured, however many assets wait for it', async () => {
  const clock = clockFrom();
  const calm = await startLacework({ clock: clock.read, config: { scanPoll: '60s' } });
  const asset = await find(calm.lacework, calm.estate, 'report-idle-1');
  const { rescanId } = await calm.lacework.requestRescan(asset);
  for (let i = 0; i < 5; i++) await calm.lacework.rescanStatus(rescanId);
  const polls = () => calm.calls('Inventory/scan').filter((e) => e.method === 'GET').length;
  assert.equal(polls(), 1);
  clock.advance(61_000);
  await calm.lacework.rescanStatus(rescanId);
  assert.equal(polls(), 2);
});

test('a finished scan does not mean an alert is closed: that comes a while later', async () => {
  const clock = clockFrom();
  const slow = await startLacework({ resolveDelayMs: 60_000, clock: clock.read, stateOf: () => 'stopped' });
  const asset = await find(slow.lacework, slow.estate, 'report-idle-1');
  assert.equal((await follow(slow.lacework, asset, () => clock.advance(1000))).at(-1), 'succeeded');
  const status = async () => (await slow.lacework.posture(asset)).findings.find((f) => f.isIssue)?.status_id;
  assert.equal(await status(), 1);
  clock.advance(61_000);
  assert.equal(await status(), 4);
});

test('a note is written once per marker, also when the answer to the first attempt was lost', async () => {
  const asset = await find(lacework, estate, 'report-idle-1');
  const issueId = (await lacework.posture(asset)).findings.find((f) => f.isIssue)?.uid ?? '';
  const note = { issueId, marker: 'idlewise:run-1:outcome', text: 'Stopped, saves 70.08 USD a month' };
  simulator.faults.push({ path: '/comment', kind: 'reset-after-effect', times: 1 });
  await assert.rejects(lacework.addIssueNote(note), (e) => isProviderError(e, 'unavailable'));
  const again = await lacework.addIssueNote(note);
  assert.deepEqual([again.created, again.noteId !== ''], [false, true]);
  assert.equal((await lacework.addIssueNote({ ...note, marker: 'idlewise:run-2:outcome' })).created, true);
  assert.equal(calls('/comment').length, 2);
  for (const id of ['none', '424242424242'])
    await assert.rejects(lacework.addIssueNote({ ...note, issueId: id }), (e) => isProviderError(e, 'not-found'));
});

test('a closed alert stays closed when the machine comes back', async () => {
  const asset = await find(lacework, estate, 'edge-kev-1');
  states.set('edge-kev-1', 'stopped');
  await lacework.posture(asset);
  states.delete('edge-kev-1');
  const issues = (await lacework.posture(asset)).findings.filter((f) => f.isIssue);
  assert.ok(issues.every((f) => f.status_id === 4));
});

test('comments, collections and closed alerts survive a restart of the simulator', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lacework-'));
  after(() => rmSync(dir, { recursive: true }));
  const stateFile = join(dir, 'lacework.json');
  const first = await startLacework({ stateFile, stateOf: () => 'stopped' });
  const asset = await find(first.lacework, first.estate, 'report-idle-1');
  await follow(first.lacework, asset);
  const issueId = (await first.lacework.posture(asset)).findings.find((f) => f.isIssue)?.uid ?? '';
  await first.lacework.addIssueNote({ issueId, marker: 'm', text: 'm' });
  await first.simulator.stop();
  const second = await startLacework({ stateFile, estate: first.estate });
  assert.equal((await second.lacework.addIssueNote({ issueId, marker: 'm', text: 'm' })).created, false);
  assert.equal((await second.lacework.posture(asset)).findings.find((f) => f.isIssue)?.status_id, 4);
  const rows = (await readAll(second.lacework, everythingIn(PROD, 'us-east-1'))).flatMap((p) => p.assets);
  assert.equal(rows.find((a) => a.assetKey === asset.assetKey)?.status, 'inactive');
});
