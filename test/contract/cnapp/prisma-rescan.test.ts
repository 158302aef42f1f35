import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CnappPort } from '../../../ports/cnapp.ts';
import { createPrisma } from '../../../providers/cnapp/prisma/index.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { everythingIn, find, prismaConfig, readAll, SECRET, startPrisma } from './prisma-harness.ts';

/** A clock both sides share, so that "newer" is not a race. */
async function clocked(options: Parameters<typeof startPrisma>[0] = {}) {
  let now = Date.now();
  const clock = () => now;
  const site = await startPrisma({ clock, ...options, client: { clock, ...options.client } });
  return { ...site, pass: (ms: number) => (now += ms) };
}
const issues = async (port: CnappPort, asset: Parameters<CnappPort['posture']>[0]) =>
  (await port.posture(asset)).findings.filter((f) => f.isIssue).map((f) => f.status_id);

test('nothing changed: running for ever, the deadline is the caller’s; nothing is resolved', async () => {
  const site = await clocked();
  const asset = await find(site, 'edge-kev-1');
  const { rescanId } = await site.prisma.requestRescan(asset);
  for (let poll = 0; poll < 3; poll++) {
    site.pass(60_000);
    assert.equal(await site.prisma.rescanStatus(rescanId), 'running');
  }
  assert.ok((await issues(site.prisma, asset)).every((status) => status === 1));
});

test('stopped: succeeded once the configuration was taken in again; exposure alerts resolve later, the disk stays vulnerable', async () => {
  const site = await clocked({ ingestDelayMs: 60_000, resolveDelayMs: 120_000 });
  const asset = await find(site, 'edge-kev-1');
  const before = await site.prisma.posture(asset);
  site.states.set('edge-kev-1', 'stopped');
  const { rescanId } = await site.prisma.requestRescan(asset);
  assert.equal(await site.prisma.rescanStatus(rescanId), 'running');
  site.pass(61_000);
  assert.equal(await site.prisma.rescanStatus(rescanId), 'succeeded');
  assert.ok((await issues(site.prisma, asset)).includes(1), 'taken in is not yet evaluated');
  site.pass(61_000);
  assert.deepEqual([...new Set(await issues(site.prisma, asset))], [4]);
  const posture = await site.prisma.posture(asset);
  assert.ok(posture.findings.some((f) => f.class_uid === 2002 && f.status_id === 1));
  assert.equal(before.internetExposed, true);
  assert.notEqual(posture.internetExposed, true);
  assert.deepEqual(posture.openPorts, []);
});

test('a resolved alert alone is newer data too; a policy that moves an open alert is not', async () => {
  const site = await clocked({ ingestDelayMs: 3_600_000, resolveDelayMs: 60_000 });
  const asset = await find(site, 'edge-kev-1');
  site.states.set('edge-kev-1', 'stopped');
  const { rescanId } = await site.prisma.requestRescan(asset);
  const moved = { items: [{ id: 'P-1', status: 'open', lastUpdated: Date.now() + 86_400_000 }], nextPageToken: null };
  site.simulator.faults.push({
    path: '/v2/alert',
    kind: 'status',
    status: 200,
    times: 1,
    responseBody: JSON.stringify(moved),
  });
  assert.equal(await site.prisma.rescanStatus(rescanId), 'running');
  site.pass(61_000);
  assert.equal(await site.prisma.rescanStatus(rescanId), 'succeeded');
});

test('gone: succeeded by the deletion, every alert resolves, and the asset leaves the inventory', async () => {
  const site = await clocked();
  const asset = await find(site, 'report-idle-1');
  site.states.set('report-idle-1', 'gone');
  await find(site, 'report-idle-1');
  const { rescanId } = await site.prisma.requestRescan(asset);
  assert.equal(await site.prisma.rescanStatus(rescanId), 'succeeded');
  const posture = await site.prisma.posture(asset);
  assert.ok(posture.findings.length > 0 && posture.findings.every((f) => f.status_id === 4));
  const rows = (await readAll(site.prisma, everythingIn(asset.accountId, asset.region))).flatMap((p) => p.assets);
  assert.ok(!rows.some((row) => row.name === 'report-idle-1'));
  const byKey = await site.prisma.requestRescan({ ...asset, vendorId: null });
  assert.equal(await site.prisma.rescanStatus(byKey.rescanId), 'succeeded', 'looked up among the deleted');
});

test('a resource the platform lists no more proves nothing', async () => {
  const site = await clocked();
  const { rescanId } = await site.prisma.requestRescan(await find(site, 'report-idle-1'));
  // A 404 is believed when it stays.
  site.simulator.faults.push({ path: '/resource', kind: 'status', status: 404, times: 3 });
  const empty = JSON.stringify({ data: { items: [] } });
  site.simulator.faults.push({ path: '/search/config', kind: 'status', status: 200, responseBody: empty, times: 2 });
  assert.equal(await site.prisma.rescanStatus(rescanId), 'running');
  assert.equal(site.simulator.faults.length, 0);
});

test('with agentless scans a machine is scanned for it, and a newer scan is newer data; without, nothing is started', async () => {
  const site = await clocked({ config: { agentlessScan: true }, scanPolls: 3 });
  const { rescanId } = await site.prisma.requestRescan(await find(site, 'edge-kev-1'));
  site.pass(1000);
  const seen = [1, 2, 3].map(() => site.prisma.rescanStatus(rescanId));
  assert.deepEqual((await Promise.all(seen)).sort(), ['running', 'running', 'succeeded']);
  await site.prisma.requestRescan(await find(site, 'old-db-data'));
  assert.equal(site.sent(/agentless\/scan/).length, 1, 'not for a volume');
  site.simulator.prisma.deny('/agentless/scan');
  await assert.rejects(
    site.prisma.requestRescan(await find(site, 'edge-kev-1')),
    (e) => isProviderError(e, 'unauthorised') && /agentlessScan to false/.test(e.message),
  );
  const without = await clocked();
  await without.prisma.requestRescan(await find(without, 'edge-kev-1'));
  assert.equal(without.sent(/agentless/).length, 0);
});

test('an id outlives a restart of the client; one that is not ours, and an asset never seen, are not-found', async () => {
  const site = await clocked();
  const asset = await find(site, 'report-idle-1');
  const { rescanId } = await site.prisma.requestRescan(asset);
  site.states.set('report-idle-1', 'stopped');
  const another = createPrisma({
    config: prismaConfig(site.base),
    secrets: { resolve: async (ref) => (ref === 'env:PRISMA_KEY' ? 'prisma-key' : SECRET) },
  });
  assert.equal(await another.rescanStatus(rescanId), 'succeeded');
  for (const id of ['never-asked', 'since.e30', 'since.%%%'])
    await assert.rejects(site.prisma.rescanStatus(id), (e) => isProviderError(e, 'not-found'), id);
  const never = {
    ...asset,
    vendorId: 'rrn::never',
    assetKey: `${asset.assetKey}0`,
    resourceId: `${asset.resourceId}0`,
  };
  await assert.rejects(site.prisma.requestRescan(never), (e) => isProviderError(e, 'not-found'));
});

test('what was resolved and snoozed survives a restart of the simulator', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'prisma-'));
  after(() => rmSync(dir, { recursive: true }));
  const stateFile = join(dir, 'prisma.json');
  const config = { snoozeNotes: 86_400_000 };
  const first = await startPrisma({ stateFile, config });
  const asset = await find(first, 'report-idle-1');
  const snoozed = await find(first, 'edge-kev-1');
  const issueId = (await first.prisma.posture(snoozed)).findings.find((f) => f.isIssue)?.uid ?? '';
  await first.prisma.addIssueNote({ issueId, marker: 'm', text: 'm' });
  first.states.set('report-idle-1', 'stopped');
  await first.prisma.requestRescan(asset);
  await first.simulator.stop();
  const second = await startPrisma({ stateFile, config, estate: first.estate });
  second.states.set('report-idle-1', 'stopped');
  assert.deepEqual([...new Set(await issues(second.prisma, asset))], [4]);
  assert.equal((await find(second, 'report-idle-1')).status, 'inactive');
  const again = await second.prisma.addIssueNote({ issueId, marker: 'm', text: 'm' });
  assert.deepEqual(again, { noteId: `${issueId}/dismissal-note`, created: false });
});
