import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderError } from '../../../ports/errors.ts';
import type { Finding, Posture } from '../../../schemas/posture.ts';
import { approved } from './rig.ts';

const finding = (over: Partial<Finding>): Finding => ({
  uid: 'f-1',
  class_uid: 2003,
  title: 'Keep running',
  severity_id: 3,
  status_id: 1,
  first_seen_time: null,
  last_seen_time: null,
  cve: null,
  isIssue: true,
  policy: { uid: 'p-7', name: 'Payment hosts must not be changed', labels: ['Do-Not-Remediate'] },
  ...over,
});

const posture = (...findings: Finding[]): Posture => ({
  source: 'wiz',
  vendorId: 'v-1',
  observedAt: '2026-03-02T09:00:00.000Z',
  internetExposed: false,
  openPorts: [],
  adminPrivileges: false,
  sensitiveData: false,
  findings,
});

test('a policy of the CNAPP that forbids changes blocks, is named, and is in the trail', async () => {
  const rig = await approved();
  rig.cloud.posture = posture(finding({}));
  const outcome = await rig.run();
  assert.equal(outcome.result, 'blocked-by-policy');
  assert.deepEqual(outcome.reasons, ['cnapp-policy:Payment hosts must not be changed']);
  assert.deepEqual(rig.cloud.effects, []);
  assert.ok(rig.audit.entries.some((e) => JSON.stringify(e.payload).includes('cnapp-policy')));
});

test('a policy that is met, a closed finding of it, and other policies forbid nothing', async () => {
  const other = { uid: 'p-8', name: 'Encrypt disks', labels: ['cis'] };
  for (const found of [
    finding({ status_id: 4 }),
    finding({ status_id: 3 }),
    finding({ policy: other }),
    finding({ policy: null }),
  ]) {
    const rig = await approved();
    rig.cloud.posture = posture(found);
    assert.equal((await rig.run()).result, 'applied', JSON.stringify(found));
  }
});

test('a threat detected since the assessment blocks: evidence must be kept', async () => {
  const rig = await approved();
  rig.cloud.posture = posture(finding({ uid: 'threat-1', class_uid: 2004, policy: null }));
  const outcome = await rig.run();
  assert.deepEqual([outcome.result, outcome.reasons], ['blocked-by-policy', ['cnapp-detection']]);
  assert.deepEqual(rig.cloud.effects, []);
});

test('a CNAPP that cannot be asked is a doubt: nothing is called, and the attempt is tried again', async () => {
  const rig = await approved();
  rig.cloud.posture = new ProviderError({
    kind: 'unavailable',
    provider: 'wiz',
    operation: 'posture',
    message: 'down',
  });
  await assert.rejects(rig.run());
  assert.deepEqual(rig.cloud.effects, []);
  rig.cloud.posture = posture();
  assert.equal((await rig.run()).result, 'applied');
});
