import assert from 'node:assert/strict';
import { isProviderError, ProviderError } from '../../../ports/errors.ts';
import { InventoryAsset } from '../../../schemas/asset.ts';
import { Posture } from '../../../schemas/posture.ts';
import { type CnappSystem, find, readAll, SUBJECTS } from './cnapp.ts';
import { type Case, runSuite } from './run-suite.ts';

const labOf = (system: CnappSystem) => {
  assert.ok(system.lab);
  return system.lab;
};

async function failureOf(work: Promise<unknown>): Promise<ProviderError> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  assert.ok(error instanceof ProviderError, `a ProviderError, not ${String(error)}`);
  return error;
}

/** Until the vendor's own data has followed the cloud. */
async function followed(system: CnappSystem, rescanId: string): Promise<string> {
  for (const until = Date.now() + 15_000; ; await new Promise((r) => setTimeout(r, 200))) {
    const status = await system.cnapp.rescanStatus(rescanId);
    if (!['pending', 'running'].includes(status) || Date.now() > until) return status;
  }
}

const CASES: readonly Case<CnappSystem>[] = [
  {
    name: 'the check is one sentence',
    tenant: true,
    run: async ({ cnapp }) => assert.match(await cnapp.check(), /\S{2,}/),
  },
  {
    name: 'an inventory page has the shape of ours',
    tenant: true,
    run: async (system) => {
      const pages = await readAll(system, 50);
      for (const asset of pages.flatMap((p) => p.assets)) assert.deepEqual(InventoryAsset.parse(asset), asset);
    },
  },
  {
    name: 'every asset of a place is listed by its key, through small pages',
    run: async (system) => {
      const { accountId, region } = system.place;
      const listed = new Set((await readAll(system, 7)).flatMap((p) => p.assets).map((a) => a.assetKey));
      const seeded = labOf(system).assets.filter(
        (a) => a.accountId === accountId && a.region === region && a.resourceType !== 'AWS::RDS::DBInstance',
      );
      assert.deepEqual([...listed].sort(), seeded.map((a) => a.assetKey).sort());
    },
  },
  {
    name: 'a row that cannot be read is named with field and fix, and the rows beside it live',
    run: async (system) => {
      const rejected = (await readAll(system, 200)).flatMap((p) => p.rejected);
      assert.ok(rejected.length > 0);
      for (const row of rejected) assert.ok(row.field && row.fix.length > 10, JSON.stringify(row));
    },
  },
  {
    name: 'posture: findings, exposure and known exploitation are told, unknown is null',
    run: async (system) => {
      const posture = await system.cnapp.posture(await find(system, 'edge-kev-1'));
      assert.deepEqual(Posture.parse(posture), posture);
      assert.equal(posture.internetExposed, true);
      assert.ok(posture.findings.some((f) => f.cve?.known_exploited === true || f.cve?.is_exploit_available === true));
      assert.ok(posture.findings.some((f) => f.isIssue));
    },
  },
  {
    name: 'an asset the vendor never saw is not-found',
    run: async (system) => {
      const known = await find(system, 'edge-kev-1');
      const id = 'i-0123456789abcdef0';
      const assetKey = known.assetKey.replace(/[^/]+$/, id);
      const error = await failureOf(system.cnapp.posture({ ...known, assetKey, resourceId: id, vendorId: null }));
      assert.equal(error.kind, 'not-found');
    },
  },
  {
    name: 'a rescan is followed to its end, and what is stopped has fewer open issues',
    run: async (system) => {
      const asset = await find(system, 'report-idle-1');
      const open = async () =>
        (await system.cnapp.posture(asset)).findings.filter((f) => f.isIssue && f.status_id === 1);
      assert.ok((await open()).length > 0);
      const { rescanId } = await system.cnapp.requestRescan(asset);
      labOf(system).states.set('report-idle-1', 'stopped');
      assert.equal(await followed(system, rescanId), 'succeeded');
      for (const until = Date.now() + 5000; (await open()).length > 0 && Date.now() < until; )
        await new Promise((r) => setTimeout(r, 100));
      assert.deepEqual(await open(), []);
    },
  },
  {
    name: 'a note with one marker is written once',
    run: async (system) => {
      const { findings } = await system.cnapp.posture(await find(system, 'edge-kev-1'));
      const note = { issueId: findings.find((f) => f.isIssue)?.uid ?? '', marker: 'idlewise:m-1', text: 'Looked at.' };
      if (!(await system.cnapp.addIssueNote(note)).created) return 'the vendor takes no notes';
      assert.equal((await system.cnapp.addIssueNote(note)).created, false);
      return null;
    },
  },
  {
    name: 'a page of HTML instead of an answer is no inventory',
    run: async (system) => {
      await system.cnapp.check();
      labOf(system).simulator.faults.push({ kind: 'html-error', times: 200 });
      const error = await failureOf(readAll(system, 50));
      assert.ok(['unavailable', 'malformed'].includes(error.kind), error.kind);
    },
  },
  {
    name: 'a rate limit is waited out or told as retry-after, never taken for an empty estate',
    run: async (system) => {
      await system.cnapp.check();
      labOf(system).simulator.faults.push({ kind: 'rate-limited', retryAfter: 1, times: 1 });
      const answer = await readAll(system, 200).catch((error: unknown) => error);
      if (isProviderError(answer, 'retry-after')) return;
      assert.ok(
        Array.isArray(answer) && answer.flatMap((p: { assets: unknown[] }) => p.assets).length > 20,
        String(answer),
      );
    },
  },
  {
    name: 'a refusal is unauthorised, and no error says a secret',
    run: async (system) => {
      const lab = labOf(system);
      lab.simulator.faults.push({ kind: 'status', status: 401, responseBody: '{"error":"unauthorized"}', times: 200 });
      const error = await failureOf(readAll(system, 50));
      assert.equal(error.kind, 'unauthorised');
      for (const secret of lab.secretValues()) assert.ok(!`${error.message}${error.stack}`.includes(secret));
    },
  },
  {
    name: 'image findings by digest: an image never scanned is not-found',
    run: async ({ cnapp }) => {
      if (!cnapp.imageFindings) return 'the vendor has no images';
      assert.equal((await failureOf(cnapp.imageFindings(`sha256:${'0'.repeat(64)}`))).kind, 'not-found');
      return null;
    },
  },
  {
    name: 'idle signals name assets by our key',
    run: async ({ cnapp, place }) => {
      if (!cnapp.idleSignals) return 'the vendor has no such signals';
      for (const signal of await cnapp.idleSignals(place)) assert.match(signal.assetKey, /^arn:aws:/);
      return null;
    },
  },
];

runSuite('cnapp', SUBJECTS, CASES);
