import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml, stringify as toYaml } from 'yaml';
import { CSV_COLUMNS } from '../../../clients/export/csv.ts';
import type { UnifiedRecord } from '../../../clients/export/record.ts';
import { unifiedRecords } from '../../../clients/export/records.ts';
import { writeExport } from '../../../clients/export/write.ts';
import { createMongoStore } from '../../../providers/store/mongodb/create-mongo-store.ts';
import type { Store } from '../../../ports/store.ts';
import type { AssetDocument } from '../../../schemas/records.ts';
import { startMongo } from '../../helpers/servers.ts';
import { approval, asset, opportunity, T0 } from '../store/records.ts';

const folder = mkdtempSync(join(tmpdir(), 'idlewise-export-'));
const HOSTILE = '=HYPERLINK("http://x","y"),\nline two';
const config = {
  policy: { ownerTagKeys: ['owner'] },
  directory: {
    people: [{ subject: 'ana@acme.example', displayName: 'Ana', slackUserIds: [], groups: ['web'], iamPrincipals: [] }],
    finopsGroup: 'finops',
  },
} as unknown as Parameters<typeof unifiedRecords>[0]['config'];
const MANY = 450;
let server: Awaited<ReturnType<typeof startMongo>>;
let store: Store;

before(async () => {
  server = await startMongo();
  store = await createMongoStore({ uri: server.uri, database: 'export' });
  await store.sweeps.begin('s1', T0);
  const idle = full('i-idle');
  await store.assets.upsertMany([
    idle,
    asset('i-tagged', { tags: { owner: 'ana@acme.example', Name: HOSTILE } }),
    asset('i-unknown'),
    ...Array.from({ length: MANY }, (_, i) => asset(`i-${i}`)),
  ]);
  const { assetKey } = idle.asset;
  await store.opportunities.upsertMany([
    opportunity('o1', { assetKey, priority: 3 }),
    opportunity('o2', { assetKey, priority: 7.5, ruleId: 'better' }),
    opportunity('o0', { assetKey, priority: 99, sweepId: 'earlier' }),
  ]);
  await store.approvals.create(approval('a1', { assetKey, ownerSubject: 'bo@acme.example', ownerTeam: 'web' }));
  await store.remediations.upsert({
    ...remediation(assetKey),
    remediationId: 'old',
    updatedAt: '2026-01-01T00:00:00.000Z',
  });
  await store.remediations.upsert(remediation(assetKey));
});
after(async () => {
  await store?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const remediation = (assetKey: string) => ({
  remediationId: 'r1',
  runId: 'run1',
  assetKey,
  accountId: '111111111111',
  region: 'eu-west-1',
  assetName: 'i-idle',
  ruleId: 'ec2-idle',
  stage: 'closed' as const,
  outcome: 'remediated' as const,
  reasons: ['rescan:resolved'],
  riskLevel: 'high' as const,
  environment: 'dev' as const,
  ownerTeam: 'web',
  monthlySaving: { amount: '70.08', currency: 'USD' },
  action: 'stop-instance' as const,
  approvalId: 'a1',
  ticket: null,
  decisionDueAt: null,
  startedAt: T0,
  updatedAt: T0,
});

function full(id: string): AssetDocument {
  return {
    ...asset(id),
    cost: {
      ResourceId: id,
      SubAccountId: '111111111111',
      RegionId: 'eu-west-1',
      ServiceName: 'Amazon EC2',
      BillingCurrency: 'USD',
      ChargePeriodStart: '2026-02-16T00:00:00.000Z',
      ChargePeriodEnd: T0,
      BilledCost: '-0.10000000000000000005',
      EffectiveCost: '33.6',
      CommitmentDiscountType: null,
      CommitmentDiscountId: null,
      commitmentCoverage: 0,
      commitmentEndsAt: null,
      monthlyRunRate: '73',
      basis: 'billed',
      dailyTrend: ['2.4', null],
    },
    posture: {
      source: 'wiz',
      vendorId: 'v1',
      observedAt: T0,
      internetExposed: true,
      openPorts: ['22/tcp'],
      adminPrivileges: null,
      sensitiveData: null,
      findings: [
        {
          uid: 'f1',
          class_uid: 2002,
          title: '=cmd|calc',
          severity_id: 5,
          status_id: 1,
          first_seen_time: T0,
          last_seen_time: null,
          cve: { uid: 'CVE-2026-1', known_exploited: true, is_exploit_available: null },
          isIssue: false,
        },
      ],
    },
  };
}

async function exported(format: 'ndjson' | 'csv'): Promise<string> {
  const file = join(folder, `estate.${format}`);
  assert.equal(await writeExport(unifiedRecords({ store, config }), { format, file }), MANY + 3);
  return readFileSync(file, 'utf8');
}

test('NDJSON: one record for each asset, joined with its newest remediation and best opportunity', async () => {
  const records = (await exported('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as UnifiedRecord);
  const keys = records.map((r) => r.assetKey);
  assert.deepEqual(keys, [...keys].sort());
  const idle = records.find((r) => r.resourceId === 'i-idle');
  assert.equal(idle?.cost?.BilledCost, '-0.10000000000000000005');
  assert.deepEqual(idle?.cost?.x_DailyTrend, ['2.4', null]);
  assert.deepEqual(
    [
      idle?.remediationId,
      idle?.outcome,
      idle?.riskLevel,
      idle?.riskScore,
      idle?.priority,
      idle?.owner,
      idle?.ownerTeam,
    ],
    ['r1', 'remediated', 'high', 40, 7.5, 'bo@acme.example', 'web'],
  );
  const [finding] = idle?.findings ?? [];
  assert.equal(finding?.finding_info.first_seen_time, Date.parse(T0));
  assert.deepEqual(finding?.vulnerabilities, [{ cve: { uid: 'CVE-2026-1' } }]);
  assert.ok(!('last_seen_time' in (finding?.finding_info ?? {})));
  assert.equal(records.find((r) => r.resourceId === 'i-tagged')?.owner, 'ana@acme.example');
  const unknown = records.find((r) => r.resourceId === 'i-unknown');
  assert.deepEqual([unknown?.owner, unknown?.cost, unknown?.findings, unknown?.priority], [null, null, null, null]);
});

test('CSV: read back, every cell is the value of the record; nothing calculates', async () => {
  const records = (await exported('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as UnifiedRecord);
  const [header, ...rows] = parse(await exported('csv'), { relax_column_count: false }) as string[][];
  assert.deepEqual(
    header,
    CSV_COLUMNS.map(([name]) => name),
  );
  assert.equal(rows.length, records.length);
  for (const [i, row] of rows.entries())
    for (const [j, cell] of row.entries()) {
      const [name, of] = CSV_COLUMNS[j] as (typeof CSV_COLUMNS)[number];
      assert.equal(cell.startsWith("'") ? cell.slice(1) : cell, String(of(records[i] as UnifiedRecord) ?? ''), name);
      assert.ok(/^-?[\d.eE+-]+$/.test(cell) || !/^\s*[=+\-@]/.test(cell), cell);
    }
  const tagged = rows.find((row) => row.includes('i-tagged')) ?? [];
  assert.equal(JSON.parse(tagged[CSV_COLUMNS.findIndex(([name]) => name === 'Tags')] ?? '')['Name'], HOSTILE);
});

test('a failed export leaves no file behind', async () => {
  const file = join(folder, 'failed.csv');
  async function* failing() {
    for await (const record of unifiedRecords({ store, config })) {
      yield record;
      throw new Error('the store went away');
    }
  }
  await assert.rejects(writeExport(failing(), { format: 'csv', file }), /went away/);
  assert.deepEqual([existsSync(file), existsSync(`${file}.partial`)], [false, false]);
});

test('the command writes the same to a file and to standard output, and says how many', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const example = parseYaml(readFileSync(join(root, 'config/example.yaml'), 'utf8')) as Record<string, unknown>;
  const configFile = join(folder, 'config.yaml');
  writeFileSync(configFile, toYaml({ ...example, mongodb: { uri: server.uri, database: 'export' } }));
  const idlewise = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'clients/cli/main.ts'), '--config', configFile, 'export', ...args], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
  const file = join(folder, 'command.csv');
  const written = idlewise('--format', 'csv', '--out', file);
  assert.deepEqual([written.status, written.stdout], [0, `wrote ${MANY + 3} assets to ${file}\n`], written.stderr);
  const printed = idlewise('--format', 'csv');
  assert.equal(printed.stdout, readFileSync(file, 'utf8'));
  assert.equal(idlewise().stdout.trimEnd().split('\n').length, MANY + 3);
  assert.notEqual(idlewise('--format', 'xlsx').status, 0);
});
