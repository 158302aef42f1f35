import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AzureCost } from '../../../providers/cost/azure-cost-management/section.ts';
import { GcpBilling } from '../../../providers/cost/gcp-billing/section.ts';
import { TABLE } from './gcp-rig.ts';

const gcp = (over: object) => GcpBilling.safeParse({ projectId: 'acme-finops', table: TABLE, ...over });

test('the table of the export is named in full, and nothing else gets into a query', () => {
  assert.ok(gcp({}).success);
  for (const table of ['billing.export', 'acme-finops.billing.a`; DROP TABLE b', 'acme-finops.billing.a b', ''])
    assert.match(gcp({ table }).error?.issues[0]?.message ?? '', /must be <project>\.<dataset>\./, table);
});

test('a limit on bytes is at least what BigQuery charges for the smallest scan', () => {
  assert.ok(!gcp({ maxBytesBilled: 1_000_000 }).success);
  assert.ok(!gcp({ projectId: 'Not A Project' }).success);
  assert.ok(!gcp({ credentials: '{"type":"service_account"}' }).success, 'a reference, never the key itself');
});

test('what Azure is asked with has defaults, and an identity of its own is whole or absent', () => {
  const { apiVersion, scope, identity, maxWait } = AzureCost.parse({});
  assert.deepEqual([apiVersion, scope, identity], ['2025-03-01', 'https://management.azure.com/.default', null]);
  assert.ok(maxWait < 60_000, 'shorter than the heartbeat of a sweep');
  assert.ok(!AzureCost.safeParse({ identity: { tenantId: 't', clientId: 'env:ID' } }).success);
  assert.ok(!AzureCost.safeParse({ scope: 'management.azure.com' }).success);
});
