import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combineCnapps } from '../../../providers/cnapp/combined/index.ts';
import type { CnappPort, InventoryQuery, RescanStatus } from '../../../ports/cnapp.ts';
import { ProviderError } from '../../../ports/errors.ts';
import type { InventoryAsset } from '../../../schemas/asset.ts';
import type { Finding, Posture } from '../../../schemas/posture.ts';

const KEY = 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b2c3d4e5f60718';
const REF = {
  assetKey: KEY,
  provider: 'aws',
  accountId: '111122223333',
  region: 'us-east-1',
  resourceType: 'AWS::EC2::Instance',
  resourceId: 'i-0a1b2c3d4e5f60718',
} as const;
const QUERY: InventoryQuery = {
  accountId: '111122223333',
  region: 'us-east-1',
  resourceTypes: ['AWS::EC2::Instance'],
  cursor: null,
  pageSize: 10,
};

const row = (vendorId: string): InventoryAsset => ({
  ...REF,
  name: 'web-1',
  vendorId,
  status: 'active',
  createdAt: null,
  lastSeenAt: null,
  tags: {},
  internetExposed: false,
  adminPrivileges: null,
  sensitiveData: null,
  criticalIssues: null,
  highIssues: null,
});

const finding = (over: Partial<Finding>): Finding => ({
  uid: 'f',
  class_uid: 2002,
  title: 't',
  severity_id: 3,
  status_id: 1,
  first_seen_time: null,
  last_seen_time: null,
  cve: null,
  isIssue: false,
  ...over,
});

const posture = (vendorId: string, over: Partial<Posture> = {}): Posture => ({
  source: 'x',
  vendorId,
  observedAt: '2026-01-01T00:00:00.000Z',
  internetExposed: false,
  openPorts: [],
  adminPrivileges: null,
  sensitiveData: false,
  findings: [],
  ...over,
});

const notFound = (provider: string) =>
  new ProviderError({ kind: 'not-found', provider, operation: 'posture', message: 'never seen' });

interface Script {
  total?: number;
  pages?: number;
  posture?: Posture | Error;
  rescan?: RescanStatus;
  asked: (string | null)[];
  notes: string[];
}

function source(vendor: string, script: Script): CnappPort {
  return {
    vendor,
    async listAssets({ cursor }) {
      const page = cursor === null ? 1 : Number(cursor);
      const more = page < (script.pages ?? 1);
      return {
        assets: [row(`${vendor}-1`)],
        rejected: [],
        nextCursor: more ? String(page + 1) : null,
        totalCount: script.total ?? null,
      };
    },
    async posture(asset) {
      script.asked.push(asset.vendorId);
      if (script.posture instanceof Error) throw script.posture;
      return script.posture ?? posture(`${vendor}-1`);
    },
    async requestRescan(asset) {
      if (script.posture instanceof Error) throw script.posture;
      script.asked.push(asset.vendorId);
      return { rescanId: `${vendor}-scan` };
    },
    rescanStatus: async (id) => {
      assert.equal(id, `${vendor}-scan`);
      return script.rescan ?? 'succeeded';
    },
    async addIssueNote({ issueId }) {
      script.notes.push(issueId);
      return { noteId: 'n', created: true };
    },
    check: async () => 'ok',
  };
}

function rig(first: Partial<Script> = {}, second: Partial<Script> = {}) {
  const scripts: { wiz: Script; orca: Script } = {
    wiz: { asked: [], notes: [], ...first },
    orca: { asked: [], notes: [], ...second },
  };
  const totals = new Map<string, number>();
  const cnapp = combineCnapps({
    sources: [source('wiz', scripts.wiz), source('orca', scripts.orca)],
    memory: {
      last: async (key) => totals.get(key) ?? null,
      remember: async (key, total) => void totals.set(key, total),
    },
    implausibleBelow: 0.5,
  });
  return { cnapp, scripts, totals };
}

test('inventories are read one after the other; each row says whose it is, and ids carry the vendor', async () => {
  const { cnapp } = rig({ pages: 2 });
  const seen: string[] = [];
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page = await cnapp.listAssets({ ...QUERY, cursor });
    seen.push(`${page.source} ${page.assets[0]?.vendorId}`);
    cursor = page.nextCursor;
  }
  assert.deepEqual(seen, ['wiz wiz:wiz-1', 'wiz wiz:wiz-1', 'orca orca:orca-1']);
  await assert.rejects(cnapp.listAssets({ ...QUERY, cursor: 'x' }), /start the partition again/);
});

test('each source is asked by its own id, or by the asset key where the id is another’s', async () => {
  const { cnapp, scripts } = rig();
  await cnapp.posture({ ...REF, vendorId: 'orca:orca-1' });
  assert.deepEqual([scripts.wiz.asked, scripts.orca.asked], [[null], ['orca-1']]);
  // A run from before several sources could be configured.
  await cnapp.posture({ ...REF, vendorId: 'plain-id' });
  assert.deepEqual([scripts.wiz.asked.at(-1), scripts.orca.asked.at(-1)], ['plain-id', null]);
});

test('the more exposed answer wins, and a contradiction is named', async () => {
  const { cnapp } = rig(
    { posture: posture('a', { internetExposed: false, sensitiveData: null }) },
    { posture: posture('b', { internetExposed: true, sensitiveData: true, observedAt: '2025-12-31T00:00:00.000Z' }) },
  );
  const merged = await cnapp.posture({ ...REF, vendorId: null });
  assert.deepEqual(
    [merged.internetExposed, merged.sensitiveData, merged.adminPrivileges, merged.disagreements],
    [true, true, null, ['internetExposed']],
  );
  assert.equal(merged.observedAt, '2025-12-31T00:00:00.000Z');
});

test('one CVE of two sources is one finding, exploited if either says so and open if either says so', async () => {
  const cve = (known: boolean | null, status_id: number) =>
    finding({ status_id, cve: { uid: 'CVE-2021-44228', known_exploited: known, is_exploit_available: null } });
  const { cnapp } = rig(
    { posture: posture('a', { findings: [cve(null, 4)] }) },
    { posture: posture('b', { findings: [cve(true, 1)] }) },
  );
  const { findings } = await cnapp.posture({ ...REF, vendorId: null });
  assert.equal(findings.length, 1);
  assert.deepEqual([findings[0]?.cve?.known_exploited, findings[0]?.status_id], [true, 1]);
});

test('adding a source never makes a posture look safer', async () => {
  const flags = [true, false, null] as const;
  const rank = { true: 2, null: 1, false: 0 } as const;
  for (const a of flags)
    for (const b of flags) {
      const { cnapp } = rig(
        { posture: posture('a', { internetExposed: a }) },
        { posture: posture('b', { internetExposed: b }) },
      );
      const merged = (await cnapp.posture({ ...REF, vendorId: null })).internetExposed;
      if (a === true || b === true) assert.equal(merged, true);
      // Unknown beside a "no" is that "no"; it is never turned into one by itself.
      else assert.equal(rank[`${merged}`] <= 1, true);
      if (a === null && b === null) assert.equal(merged, null);
    }
});

test('a source that has never seen the asset is left out; when none has, it is not found', async () => {
  const one = rig({ posture: notFound('wiz') });
  assert.equal((await one.cnapp.posture({ ...REF, vendorId: null })).source, 'orca');
  const none = rig({ posture: notFound('wiz') }, { posture: notFound('orca') });
  await assert.rejects(none.cnapp.posture({ ...REF, vendorId: null }), /no configured CNAPP has ever seen/);
});

test('a source that is down fails the whole: half a posture is no posture', async () => {
  const down = new ProviderError({ kind: 'unavailable', provider: 'orca', operation: 'posture', message: 'down' });
  await assert.rejects(rig({}, { posture: down }).cnapp.posture({ ...REF, vendorId: null }), /down/);
});

test('a rescan has ended well when it has ended well everywhere', async () => {
  for (const [a, b, both] of [
    ['succeeded', 'succeeded', 'succeeded'],
    ['succeeded', 'running', 'running'],
    ['failed', 'running', 'failed'],
    ['skipped', 'succeeded', 'skipped'],
    ['timed-out', 'succeeded', 'timed-out'],
  ] as const) {
    const { cnapp } = rig({ rescan: a }, { rescan: b });
    const { rescanId } = await cnapp.requestRescan({ ...REF, vendorId: null });
    assert.equal(await cnapp.rescanStatus(rescanId), both);
  }
});

test('a note goes to the vendor whose issue it is', async () => {
  const { cnapp, scripts } = rig();
  await cnapp.addIssueNote({ issueId: 'orca:issue-9', marker: 'm', text: 't' });
  assert.deepEqual([scripts.wiz.notes, scripts.orca.notes], [[], ['issue-9']]);
});

test('an inventory that has all but vanished is refused, named, and the next source is read', async () => {
  const { cnapp, scripts } = rig({ total: 40 });
  await cnapp.listAssets(QUERY);
  Object.assign(scripts.wiz, { total: 12 });
  const page = await cnapp.listAssets(QUERY);
  assert.deepEqual(page.assets, []);
  assert.match(page.rejected[0]?.found ?? '', /12 assets where wiz showed 40 before/);
  assert.equal((await cnapp.listAssets({ ...QUERY, cursor: page.nextCursor })).source, 'orca');
  // Half of it is still believed: estates shrink.
  Object.assign(scripts.wiz, { total: 20 });
  assert.equal((await cnapp.listAssets(QUERY)).assets.length, 1);
});
