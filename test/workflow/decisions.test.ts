import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { GatherResult } from '../../activities/contracts.ts';
import { eventually, type Rig, remediation, startRig, type World } from '../helpers/workflow.ts';
import { assessed, STOP, TERMINATE, twoApprovers } from '../helpers/workflow-script.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

/** Why the validator refused a decision; fails when it did not. */
async function refusal(sent: Promise<unknown>): Promise<string> {
  const error = await sent.then(
    () => assert.fail('it was accepted'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof WorkflowUpdateFailedError, String(error));
  return (error.cause as Error).message;
}

function acted(run: World): string[] {
  return run.order().filter((name) => name.startsWith('executeChange'));
}

/** Nothing was agreed on: it waits, and when it is called off nothing has been executed. */
async function stillWaiting(run: World): Promise<void> {
  await run.stage('awaiting-decision');
  await run.handle.cancel();
  assert.equal((await run.handle.result()).outcome, 'cancelled');
  assert.deepEqual(acted(run), []);
}

// Each run has its own script, so they need not wait for each other.
describe('decisions', { concurrency: 4 }, () => {
  test('an approved stop is executed, verified, told and proved on the bill, in that order', async () => {
    await using run = await remediation(rig);
    await run.stage('awaiting-decision');
    assert.deepEqual(await run.decide(), { accepted: true, refusal: null, approvalsCounted: 1, approvalsRequired: 1 });

    assert.deepEqual(await run.handle.result(), {
      outcome: 'remediated',
      action: 'stop-instance',
      reasons: [],
      monthlySaving: STOP.monthlySaving,
      savingVerified: 'verified',
    });
    assert.deepEqual(
      run.order().filter((name) => name !== 'watchTicket'),
      [
        'gatherContext',
        'assessRisk',
        'askForDecision',
        'executeChange:apply',
        'verifyChange',
        'closeOut',
        'verifySaving',
        'reportSaving',
      ],
    );
    assert.equal(run.of('executeChange')[0]?.['planDigest'], STOP.planDigest);
    const [closed] = run.of('closeOut');
    assert.deepEqual([closed?.['outcome'], closed?.['decidedBy']], ['remediated', ['ann']]);
  });

  test('two approvers: the first alone changes nothing, the second starts it', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    assert.deepEqual(await run.decide({ by: 'ann' }), {
      accepted: true,
      refusal: null,
      approvalsCounted: 1,
      approvalsRequired: 2,
    });
    const status = await run.stage('awaiting-decision');
    assert.deepEqual(status.approvals, [{ subject: 'ann@example.com', optionId: 'stop-instance' }]);
    assert.deepEqual(acted(run), []);

    assert.equal((await run.decide({ by: 'ben' })).approvalsCounted, 2);
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.deepEqual(run.of('closeOut')[0]?.['decidedBy'], ['ann', 'ben']);
  });

  test('one person pressing twice is one approver', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    await run.decide({ decisionId: 'press-1' });
    assert.equal((await run.decide({ decisionId: 'press-2' })).approvalsCounted, 1);
    await stillWaiting(run);
  });

  test('two approvers who want different options have agreed on nothing', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    await run.decide({ by: 'ann' });
    await run.decide({ by: 'ben', optionId: TERMINATE.optionId, planDigest: TERMINATE.planDigest });
    await stillWaiting(run);
  });

  test('one rejection ends it, whatever was approved before', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    await run.decide({ by: 'ann' });
    await run.decide({ by: 'ben', kind: 'reject', optionId: null, planDigest: null, reason: 'needed on Friday' });
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.reasons], ['rejected', ['needed on Friday']]);
    assert.deepEqual(run.of('closeOut')[0]?.['decidedBy'], ['ben']);
    assert.deepEqual(acted(run), []);
  });

  test('a snooze re-gathers and asks again under a new approval id; the old message is superseded', async () => {
    await using run = await remediation(rig);
    await run.stage('awaiting-decision');
    await run.decide({
      kind: 'snooze',
      optionId: null,
      planDigest: null,
      snoozeUntil: new Date(Date.now() + 300).toISOString(),
    });
    const again = await eventually('the second round', async () => {
      const status = await run.stage('awaiting-decision');
      return status.round === 2 ? status : null;
    });
    assert.equal(again.approvalId, 'approval-2');
    assert.deepEqual(
      run.of('gatherContext').map((i) => i['round']),
      [1, 2],
    );
    assert.equal(run.of('showDecision')[0]?.['stage'], 'snoozed');

    assert.equal(await refusal(run.decide({ by: 'late' })), 'superseded');
    await run.decide({ by: 'ann', approvalId: 'approval-2', decisionId: 'second-round' });
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.equal(run.of('executeChange')[0]?.['caseId'], 'case-2');
  });

  test('the validator refuses what cannot count, and says why, without a trace in the history', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => assessed({ options: [STOP] }) } });
    await run.stage('awaiting-decision');
    assert.equal(await refusal(run.decide({ planDigest: 'digest-of-yesterday' })), 'plan-digest-mismatch');
    assert.equal(
      await refusal(run.decide({ optionId: 'release-address', planDigest: STOP.planDigest })),
      'unknown-option',
    );
    assert.equal(await refusal(run.decide({ approvalId: 'approval-0' })), 'superseded');
    const { events } = await run.handle.fetchHistory();
    assert.ok(!events?.some((e) => e.workflowExecutionUpdateAcceptedEventAttributes));
    assert.deepEqual((await run.stage('awaiting-decision')).approvals, []);
    await run.handle.terminate();
  });

  test('a decision after the decision is refused', async () => {
    const hold = Promise.withResolvers<void>();
    await using run = await remediation(rig, {
      script: {
        async executeChange() {
          await hold.promise;
          return { result: 'applied', reasons: [], evidenceId: null };
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    await run.stage('executing');
    assert.equal(await refusal(run.decide({ by: 'ben' })), 'already-decided');
    assert.equal(
      await refusal(
        run.decide({ by: 'cleo', kind: 'reject', optionId: null, planDigest: null, reason: 'wait', decisionId: 'no' }),
      ),
      'already-decided',
    );
    hold.resolve();
    assert.equal((await run.handle.result()).outcome, 'remediated');
  });

  test('a decision delivered again, by Update or by Signal, counts once', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    const first = await run.decide();
    const sent = run.decision();
    assert.deepEqual(await run.decide(), first);
    await run.handle.signal('decision', sent);
    // The same decision under another Update id: the workflow itself knows it, not only the server.
    assert.deepEqual(await run.handle.executeUpdate('decide', { args: [sent], updateId: 'another-id' }), first);
    assert.equal((await run.stage('awaiting-decision')).approvals.length, 1);
    await stillWaiting(run);
  });

  test('an interaction with a message that is out before the run has heard of it is answered when it has', async () => {
    const posted = Promise.withResolvers<void>();
    const heard = Promise.withResolvers<void>();
    await using run = await remediation(rig, {
      script: {
        assessRisk: async () => twoApprovers(),
        async askForDecision() {
          posted.resolve();
          await heard.promise;
          return { approvalId: 'approval-1', ticket: null, warnings: [] };
        },
      },
    });
    await posted.promise;
    const byUpdate = run.decide({ by: 'ann' });
    await run.handle.signal('decision', run.decision({ by: 'ben' }));
    await run.stage('ticketing');
    heard.resolve();
    assert.equal((await byUpdate).accepted, true);
    assert.equal((await run.handle.result()).outcome, 'remediated');
  });

  test('before anybody was asked, a decision is refused', async () => {
    const gather = Promise.withResolvers<GatherResult>();
    await using run = await remediation(rig, { script: { gatherContext: () => gather.promise } });
    await run.stage('gathering');
    assert.equal(await refusal(run.decide()), 'not-awaiting-decision');
    await run.handle.terminate();
    gather.resolve({ kind: 'gone', reasons: [] });
  });
});
