import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { approved, caseOf, executionRig, NOW, policy } from './rig.ts';

test('every gate says yes: the trail says so before and after, and the change is made once', async () => {
  const rig = await approved();
  const outcome = await rig.run();
  assert.deepEqual([outcome.result, outcome.reasons], ['applied', []]);
  assert.deepEqual(rig.cloud.effects, ['stop']);
  assert.equal(rig.cloud.identities[0]?.decisionId, 'd-ann-0');
  assert.deepEqual(rig.audit.types(), [
    'APPROVAL_GIVEN',
    'POLICY_DECISION',
    'BUDGET_RESERVED',
    'INTENT',
    'RESULT',
    'RESULT',
  ]);
  const decision = rig.audit.entries[1];
  assert.deepEqual([decision?.actor.kind, decision?.payload['reasons']], ['policy', ['exec-approved']]);
  assert.ok(rig.records.held.has(rig.planDigest));
});

test('approved by nobody: refused, and asking again later does not help', async () => {
  const rig = await executionRig();
  for (let i = 0; i < 2; i++) assert.equal((await rig.run()).result, 'blocked-by-policy');
  assert.deepEqual(rig.cloud.effects, []);
});

test('production takes two distinct people; two accounts of one person are one', async () => {
  const rig = await approved();
  rig.records.cases.set('case-1', caseOf(rig.facts, { environment: 'prod' }));
  rig.decide('ann', { actor: { subject: 'ann@example.com', displayName: 'Ann', via: 'cli', externalId: 'other' } });
  assert.equal((await rig.run()).result, 'blocked-by-policy');
  rig.decide('ben');
  assert.equal((await rig.run()).result, 'applied');
});

test('automated: in phase automate the policy decides alone; in phase approve its word is not enough', async () => {
  const byPolicy = {
    actor: { subject: 'policy', displayName: 'policy', via: 'policy', externalId: 'policy' },
  } as const;
  const asked = await executionRig();
  asked.decide('policy', byPolicy);
  assert.equal((await asked.run()).result, 'blocked-by-policy');

  const rig = await executionRig();
  for (const account of rig.config.accounts) account.phase = 'automate';
  const known = { record: { ...caseOf(rig.facts).record, posture: QUIET } };
  rig.records.cases.set('case-1', caseOf(rig.facts, known));
  rig.decide('policy', byPolicy);
  assert.equal((await rig.run()).result, 'applied');

  const risky = await executionRig();
  for (const account of risky.config.accounts) account.phase = 'automate';
  risky.records.cases.set('case-1', caseOf(risky.facts, { environment: 'prod' }));
  risky.decide('policy', byPolicy);
  assert.equal((await risky.run()).result, 'blocked-by-policy');
});

for (const at of [1, 2, 3])
  test(`the trail refuses entry ${at}: the cloud is not called`, async () => {
    const rig = await approved();
    rig.audit.failFrom = at;
    await assert.rejects(rig.run(), (e: unknown) => e instanceof ApplicationFailure && e.nonRetryable !== true);
    assert.deepEqual(rig.cloud.effects, []);
    // The trail is back, but meanwhile an incident is open: nothing was announced, so the gates are asked again.
    rig.audit.failFrom = 0;
    rig.cloud.incidents.push('INC0001');
    assert.equal((await rig.run()).result, 'blocked-by-policy');
    assert.deepEqual(rig.cloud.effects, []);
  });

test('a plan that does not match its digest is refused for good', async () => {
  const rig = await approved();
  rig.records.plans.set(rig.planDigest, { ...rig.plan, resourceId: 'i-0bbbbbbbbbbbbbbbb' });
  await assert.rejects(
    rig.run(),
    (e: unknown) => e instanceof ApplicationFailure && e.nonRetryable === true && /does not match/.test(e.message),
  );
  assert.deepEqual([rig.cloud.effects, rig.audit.types()], [[], ['APPROVAL_GIVEN']]);
});

test('records that are missing or belong to another remediation are refused for good', async () => {
  const forGood = (e: unknown) => e instanceof ApplicationFailure && e.nonRetryable === true;
  const rig = await approved();
  await assert.rejects(rig.run('apply', { planDigest: 'f'.repeat(64) }), forGood);
  await assert.rejects(rig.run('apply', { approvalId: 'approval-9' }), forGood);
  await assert.rejects(rig.run('apply', { caseId: 'case-9' }), forGood);
  await assert.rejects(rig.run('apply', { remediationId: 'remediate/acme/another/ec2-idle' }), forGood);
  assert.deepEqual(rig.cloud.effects, []);
});

test('a crash after the call: the retry finishes, and does not ask the gates in the middle', async () => {
  const rig = await approved();
  rig.cloud.afterCall = () => {
    throw new Error('the process died');
  };
  await assert.rejects(rig.run(), /the process died/);
  rig.cloud.afterCall = () => undefined;
  rig.cloud.incidents.push('INC0001');
  rig.cloud.facts = { ...rig.facts, state: 'stopped' };
  assert.equal((await rig.run()).result, 'applied');
  assert.equal(rig.asked.length, 1);
  assert.equal(rig.audit.types().filter((type) => type === 'INTENT').length, 1);
  assert.ok(rig.records.held.has(rig.planDigest));
});

test('the kill switch between two steps: parked for a person', async () => {
  const rig = await approved();
  rig.cloud.afterCall = () => {
    rig.records.killSwitch = true;
  };
  const outcome = await rig.run();
  assert.deepEqual([outcome.result, outcome.reasons], ['needs-human', ['kill-switch']]);
});

test('the second phase accepts what the first did, and only that', async () => {
  const plan = { action: 'snapshot-and-terminate-instance', reversibility: 'restorable' } as const;
  const prepared = async () => {
    const rig = await approved({ plan });
    rig.records.cases.set('case-1', caseOf(rig.facts, { record: { ...caseOf(rig.facts).record, posture: QUIET } }));
    rig.prepared(new Date(NOW.getTime() - rig.config.policy.waits.hold));
    rig.cloud.facts = { ...rig.facts, state: 'stopped' };
    return rig;
  };
  const rig = await prepared();
  assert.equal((await rig.run('complete')).result, 'applied');

  const resized = await prepared();
  resized.cloud.facts = { ...resized.facts, state: 'stopped', instanceType: 'm5.4xlarge' };
  assert.deepEqual((await resized.run('complete')).reasons, ['drift:instanceType']);

  const unprepared = await prepared();
  unprepared.records.evidence.delete(`${unprepared.planDigest}/apply`);
  assert.deepEqual((await unprepared.run('complete')).reasons, ['nothing-prepared']);
  assert.deepEqual([resized.cloud.effects, unprepared.cloud.effects], [[], []]);
});

test('evidence of a break-in is not destroyed, and neither is what nobody has looked at', async () => {
  const plan = { action: 'snapshot-and-terminate-instance', reversibility: 'restorable' } as const;
  const rig = await approved({ plan });
  assert.ok((await rig.run()).reasons.includes('policy:forbid-destructive-on-kev'));
  assert.deepEqual(rig.cloud.effects, []);
});

test('undoing needs no approval, but the kill switch stops it too', async () => {
  const rig = await approved();
  await rig.run();
  rig.cloud.incidents.push('INC0001');
  assert.equal((await rig.run('rollback')).result, 'applied');
  assert.deepEqual(rig.audit.types().at(-1), 'ROLLBACK');
  const killed = await approved();
  await killed.run();
  killed.cloud.effects.length = 0;
  killed.records.killSwitch = true;
  assert.deepEqual((await killed.run('rollback')).reasons, ['kill-switch']);
  assert.deepEqual(killed.cloud.effects, []);
});

test('the policies here are the real ones', () => {
  const answer = policy.decideAdmin({ verb: 'KillSwitch', subject: 'x@example.com', groups: [], twoPerson: false });
  assert.equal(answer.allow, false);
  assert.match(answer.policySetDigest, /^[0-9a-f]{64}$/);
});

const QUIET = {
  source: 'wiz',
  vendorId: 'wiz-1',
  observedAt: NOW.toISOString(),
  internetExposed: false,
  openPorts: [],
  adminPrivileges: false,
  sensitiveData: false,
  findings: [],
};
