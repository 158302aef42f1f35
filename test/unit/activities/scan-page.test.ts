import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import { scanPage } from '../../../activities/sweep/scan-page.ts';
import type { ScanPageInput, ScanPageResult } from '../../../activities/contracts.ts';
import type { GatherDeps } from '../../../activities/gather/gather-context.ts';
import { outcomeReport } from '../../../clients/report.ts';
import { unifiedRecord } from '../../../clients/export/record.ts';
import { loadRules } from '../../../config/load-rules.ts';
import type { InventoryAsset } from '../../../schemas/asset.ts';
import type { AssetDocument, QuarantineEntry, SweepCounts } from '../../../schemas/records.ts';
import type { Store } from '../../../ports/store.ts';
import { instanceFacts } from '../executor/facts.ts';
import { NOW, testConfig } from './rig.ts';

const asset = (n: number): InventoryAsset => {
  const { accountId, region, resourceType } = instanceFacts();
  const resourceId = `i-0000000000000000${n}`;
  return {
    assetKey: `arn:aws:ec2:${region}:${accountId}:instance/${resourceId}`,
    provider: 'aws',
    accountId,
    region,
    resourceType,
    resourceId,
    name: `web-${n}`,
    vendorId: `v-${n}`,
    status: 'active',
    createdAt: null,
    lastSeenAt: null,
    tags: {},
    internetExposed: false,
    adminPrivileges: null,
    sensitiveData: null,
    criticalIssues: null,
    highIssues: null,
  };
};

/** Ports each of which refuses something, and a store that keeps it. */
async function rig() {
  const [read, unread, gone] = [asset(1), asset(2), asset(3)];
  const kept = new Map<string, QuarantineEntry & { metBy: string }>();
  const documents: AssetDocument[] = [];
  const counted: SweepCounts[] = [];
  const sweeps: Store['sweeps'] = {
    begin: async () => undefined,
    addCounts: async (_sweep, _partition, _page, counts) => void counted.push(counts),
    totals: async () => counted[0] ?? null,
    latest: async () => ({ sweepId: 's', startedAt: NOW.toISOString() }),
    recent: async () => [{ sweepId: 's', startedAt: NOW.toISOString() }],
    async quarantine(entries, metBy) {
      const ids = entries.map((e) => JSON.stringify([e.source, e.operation, e.rowId, e.field, e.found]));
      ids.forEach((id, i) => kept.has(id) || kept.set(id, { ...(entries[i] as QuarantineEntry), metBy }));
      return new Set(ids.filter((id) => kept.get(id)?.metBy === metBy)).size;
    },
    quarantined: async () => [...kept.values()].map(({ metBy: _, ...entry }) => entry),
  };
  const store = {
    sweeps,
    ledger: { live: async () => new Set() },
    assets: { upsertMany: async (all: AssetDocument[]) => void documents.push(...all) },
    opportunities: { upsertMany: async () => undefined },
    remediations: { list: async () => [] },
  } as unknown as Store;
  const row = { rowId: 'x', field: 'f', found: '"odd"', fix: 'mend it' };
  const deps: GatherDeps = {
    config: testConfig(),
    rules: (await loadRules()).rules,
    store,
    audit: null as never,
    clock: () => NOW,
    cnapp: {
      vendor: 'wiz',
      listAssets: async () => ({ assets: [read, unread, gone], rejected: [row], nextCursor: null, totalCount: 3 }),
    } as never,
    reader: {
      vendor: 'aws',
      describe: async () => ({
        facts: new Map([[read.assetKey, { ...instanceFacts(), assetKey: read.assetKey }]]),
        rejected: [{ ...row, source: 'aws', operation: 'ec2:DescribeInstances', assetKey: unread.assetKey }],
      }),
    } as never,
    utilisation: {
      vendor: 'cloudwatch',
      check: async () => '',
      fetch: async () => ({ series: new Map(), incomplete: new Map([[read.assetKey, 'Forbidden']]), requests: 1 }),
    },
    cost: {
      vendor: 'cost-explorer',
      check: async () => '',
      accountCosts: async ({ accountId }) => ({
        accountId,
        byResource: new Map(),
        rejected: [{ resourceId: 'i-odd', reason: 'negative amount on 2026-03-01' }],
        accountTrend: [],
        requests: 1,
      }),
    },
    cmdb: { vendor: 'none', check: async () => '', lookup: async () => ({ records: new Map(), rejected: [] }) },
  };
  const { accountId, region } = read;
  const scan = (page: number) => {
    const input: ScanPageInput = { tenant: 't', sweepId: 's', accountId, region, cursor: null, page, pageSize: 10 };
    return new MockActivityEnvironment().run(() => scanPage(deps, input)) as Promise<ScanPageResult>;
  };
  return { scan, store, documents, kept, read };
}

test('what any port could not read ends in the quarantine, with whose it is, what was asked, and the fix', async () => {
  const { scan, store, kept } = await rig();
  const { counts } = await scan(1);
  assert.deepEqual(
    [...kept.values()].map((e) => [e.source, e.operation, e.field]),
    [
      ['wiz', null, 'f'],
      ['cost-explorer', null, 'cost'],
      ['aws', 'ec2:DescribeInstances', 'f'],
      ['cloudwatch', null, 'metrics'],
    ],
  );
  assert.ok([...kept.values()].every((e) => e.found !== '' && e.fix !== ''));
  assert.deepEqual([counts.scanned, counts.quarantined, counts.gone], [1, 4, 1]);
  const report = await outcomeReport(store);
  assert.deepEqual(
    report.sweep?.quarantinedBySource.map((s) => s.rows),
    [1, 1, 1, 1],
  );
});

test('what is met again by the next page is counted once, and a page tried again counts the same', async () => {
  const { scan, kept } = await rig();
  assert.equal((await scan(1)).counts.quarantined, 4);
  assert.equal((await scan(2)).counts.quarantined, 0);
  assert.equal((await scan(1)).counts.quarantined, 4);
  assert.equal(kept.size, 4);
});

test('an export never says that there are no findings where nobody has read them', async () => {
  const { scan, documents } = await rig();
  await scan(1);
  const [document] = documents;
  assert.ok(document?.posture);
  const around = { remediation: null, owner: null, riskScore: null, opportunity: null };
  const unread = unifiedRecord(document, around);
  assert.equal(unread.findings, null);
  assert.equal(unread.posture?.openPorts, null);
  assert.equal(unread.posture.internetExposed, false);
  const posture = { ...document.posture, source: 'wiz' };
  assert.deepEqual(unifiedRecord({ ...document, posture }, around).findings, []);
});
