import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createDeliver } from '../../decisions/deliver.ts';
import type { ApprovalRequest } from '../../schemas/decision.ts';
import { trailOf } from '../helpers/invariants.ts';
import { eventually, startTestStack, type TestStack } from '../helpers/stack.ts';
import { type Attacker, attackerOf, planOf } from './attacker.ts';

const STOP = 'stop-instance';
const TERMINATE = 'snapshot-and-terminate-instance';

/** Credentials: Temporal's port and the database together, and no key. */
describe('who reaches Temporal', () => {
  let stack: TestStack;
  let attacker: Attacker;

  before(async () => {
    stack = await startTestStack({
      assets: ['report-idle-1', 'loadtest-idle-1', 'checkout-old', 'edge-kev-1', 'kiosk-idle'],
      // The executor's own hold; what a run is told is the attacker's business.
      waits: { hold: '10m' },
    });
    attacker = await attackerOf(stack);
    await stack.sweep({ waits: { hold: 1 } });
  });
  after(async () => {
    await attacker?.stop();
    await stack?.discard();
  });

  it('asks for every step of a change that nobody has decided about: each is refused', async () => {
    const approval = await stack.request('report-idle-1');
    const outcomes = [];
    for (const step of ['apply', 'complete', 'rollback'] as const)
      outcomes.push(await attacker.execute(approval, STOP, step));
    assert.deepEqual(
      outcomes.map((o) => o.result),
      ['blocked-by-policy', 'blocked-by-policy', 'blocked-by-policy'],
    );
    assert.match(
      outcomes.map((o) => o.reasons.join()).join(' / '),
      /forbid-too-few-approvals \/ nothing-prepared \/ nothing-begun/,
    );
    assert.deepEqual(await stack.effects('report-idle-1'), []);
  });

  it('approves in the name of two people, in records, trail and workflow: told as an attack', async () => {
    const approval = await stack.request('report-idle-1');
    for (const decision of await attacker.forge(approval, STOP, ['ana', 'ben']))
      await createDeliver(stack.client)(decision);
    const row = await stack.ended('report-idle-1');
    assert.equal(row.outcome, 'blocked-by-policy');
    assert.match(row.reasons.join(), /unsigned:ana@acme\.example.*unsigned:ben@acme\.example/);
    const told = (await trailOf(stack, 'report-idle-1')).filter((r) => r.type === 'SECURITY');
    assert.ok(told.length > 0, 'the trail says that somebody tried');
    assert.deepEqual(await stack.effects('report-idle-1'), []);
  });

  it('adds one forged press to a real one: two are asked for, and one is one', async () => {
    const approval = await stack.request('checkout-old');
    await stack.person.approve(approval, 'ana', STOP);
    await recorded(approval);
    for (const decision of await attacker.forge(approval, STOP, ['ben'])) await createDeliver(stack.client)(decision);
    const row = await stack.ended('checkout-old');
    assert.equal(row.outcome, 'blocked-by-policy');
    assert.match(row.reasons.join(), /forbid-too-few-approvals/);
    assert.deepEqual(await stack.effects('checkout-old'), []);
  });

  it('shortens the hold in the input of the run, and asks for the second phase by hand: the executor waits its own', async () => {
    const approval = await stack.approve('loadtest-idle-1', TERMINATE, ['ben', 'ana']);
    const prepared = `${planOf(approval, TERMINATE)}/apply`;
    await eventually('the first phase is done', () => stack.store.cases.getEvidence(prepared));
    await eventually(
      'the run waits',
      async () => (await stack.remediation('loadtest-idle-1'))?.stage === 'awaiting-window',
    );
    const outcome = await attacker.execute(approval, TERMINATE, 'complete');
    assert.deepEqual([outcome.result, outcome.reasons], ['outside-window', ['hold']]);
    assert.deepEqual(await stack.effects('loadtest-idle-1', 'ec2:TerminateInstances'), []);
    const off = await stack.cli('decide', 'loadtest-idle-1', 'withdraw', '--as', 'ben@acme.example');
    assert.equal(off.code, 0, off.stderr);
    assert.equal((await stack.ended('loadtest-idle-1')).outcome, 'rolled-back');
    assert.deepEqual(await stack.effects('loadtest-idle-1', 'ec2:TerminateInstances'), []);
  });

  it('tells an end that never was, in names nobody signed for: the trail says neither', async () => {
    const approval = await stack.request('edge-kev-1');
    const { assetKey } = stack.asset('edge-kev-1');
    await attacker.call('notify', 'closeOut', {
      remediationId: approval.remediationId,
      runId: approval.runId,
      caseId: approval.caseId,
      approvalId: approval.approvalId,
      asset: { ...stack.asset('edge-kev-1'), assetKey, name: 'edge-kev-1', vendorId: 'v' },
      ruleId: 'ec2-idle',
      outcome: 'remediated',
      action: STOP,
      decidedBy: ['The Board'],
      reasons: [],
      openIssueIds: [],
    });
    const [end] = (await trailOf(stack, 'edge-kev-1')).filter((r) => r.type === 'OUTCOME');
    assert.equal(end?.payload?.['outcome'], 'needs-human');
    assert.deepEqual(end?.payload?.['decidedBy'], []);
    assert.doesNotMatch(JSON.stringify(end), /The Board/);
  });

  it('the right people still can', async () => {
    await stack.approve('kiosk-idle', STOP, ['ana', 'ben']);
    assert.equal((await stack.ended('kiosk-idle')).outcome, 'remediated');
  });

  it('changed nothing that people had not agreed to', async () => {
    const changed = (await stack.mutations()).filter(
      (m) => !m.dryRun && m.errorCode === null && m.roleName !== 'person',
    );
    const ids = new Set(changed.flatMap((m) => m.resourceIds));
    for (const name of ['report-idle-1', 'checkout-old', 'edge-kev-1'])
      assert.ok(!ids.has(stack.asset(name).resourceId), name);
  });

  function recorded(approval: ApprovalRequest): Promise<unknown> {
    return eventually(
      'the press is recorded',
      async () => (await stack.store.approvals.decisionsOn(approval.approvalId)).length > 0,
    );
  }
});
