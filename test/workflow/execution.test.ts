import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { activityInfo, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Rig, remediation, startRig, type World } from '../helpers/workflow.ts';
import { executing, step, TERMINATE } from '../helpers/workflow-script.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

const terminate = { optionId: TERMINATE.optionId, planDigest: TERMINATE.planDigest };
const steps = (run: World) => run.of('executeChange').map((i) => i['step']);
const closed = (run: World) => run.of('closeOut')[0] ?? assert.fail('closeOut was not called');

// Each run has its own script, so they need not wait for each other.
describe('after the decision', { concurrency: 4 }, () => {
  test('an executor that fails for good leaves it to a person, and people are told', async () => {
    await using run = await remediation(rig, {
      script: {
        async executeChange() {
          throw ApplicationFailure.nonRetryable('the stored plan does not match its digest');
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.reasons], ['needs-human', ['the stored plan does not match its digest']]);
    assert.equal(closed(run)['outcome'], 'needs-human');
  });

  test('an executor that fails once is asked again with the same plan', async () => {
    await using run = await remediation(rig, {
      script: {
        async executeChange() {
          if (activityInfo().attempt === 1) throw new Error('connection reset');
          return step('applied');
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.deepEqual(run.of('executeChange')[0], run.of('executeChange')[1]);
  });

  test('two phases: prepared, announced, held, completed', async () => {
    await using run = await remediation(rig, {
      script: executing({ apply: step('prepared'), complete: step('applied') }),
      waits: { hold: 200 },
    });
    await run.stage('awaiting-decision');
    await run.decide(terminate);
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.deepEqual(steps(run), ['apply', 'complete']);
    const order = run.order();
    assert.ok(order.indexOf('announceHold') > order.indexOf('executeChange:apply'));
    assert.ok(order.indexOf('announceHold') < order.indexOf('executeChange:complete'));
  });

  test('withdrawn during the hold: rolled back, never completed', async () => {
    await using run = await remediation(rig, {
      script: executing({ apply: step('prepared'), rollback: step('rolled-back', 'restored:running') }),
    });
    await run.stage('awaiting-decision');
    await run.decide(terminate);
    await run.stage('holding');
    await run.handle.signal('withdraw', 'ann@example.com');
    const result = await run.handle.result();
    assert.deepEqual(
      [result.outcome, result.reasons],
      ['rolled-back', ['withdrawn by ann@example.com', 'restored:running']],
    );
    assert.deepEqual(steps(run), ['apply', 'rollback']);
  });

  test('cancelled during the hold: what the first phase did is undone before the run ends', async () => {
    await using run = await remediation(rig, {
      script: executing({ apply: step('prepared'), rollback: step('rolled-back') }),
    });
    await run.stage('awaiting-decision');
    await run.decide(terminate);
    await run.stage('holding');
    await run.handle.cancel();
    assert.equal((await run.handle.result()).outcome, 'rolled-back');
    assert.deepEqual(steps(run), ['apply', 'rollback']);
    assert.equal(closed(run)['outcome'], 'rolled-back');
  });

  for (const refused of ['blocked-by-policy', 'blocked-by-drift', 'active-again'] as const)
    test(`the second phase is ${refused}: the first is undone and the reason is kept`, async () => {
      await using run = await remediation(rig, {
        script: executing({
          apply: step('prepared'),
          complete: step(refused, `why:${refused}`),
          rollback: step('rolled-back', 'restored:running'),
        }),
        waits: { hold: 50 },
      });
      await run.stage('awaiting-decision');
      await run.decide(terminate);
      const result = await run.handle.result();
      assert.deepEqual([result.outcome, result.reasons], ['rolled-back', [`why:${refused}`, 'restored:running']]);
      assert.deepEqual(steps(run), ['apply', 'complete', 'rollback']);
    });

  test('an undoing that fails is left to a person, without a loop', async () => {
    await using run = await remediation(rig, {
      script: executing({ apply: step('prepared'), rollback: step('needs-human', 'restore-by-hand') }),
    });
    await run.stage('awaiting-decision');
    await run.decide(terminate);
    await run.stage('holding');
    await run.handle.signal('withdraw', 'ann');
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.reasons], ['needs-human', ['withdrawn by ann', 'restore-by-hand']]);
    assert.deepEqual(steps(run), ['apply', 'rollback']);
  });

  test('unverified is not success, and its open issues are passed on', async () => {
    await using run = await remediation(rig, {
      script: {
        verifyChange: async () => ({ result: 'unverified', reasons: ['rescan:deadline'], openIssueIds: ['issue-1'] }),
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.reasons], ['unverified', ['rescan:deadline']]);
    assert.deepEqual(closed(run)['openIssueIds'], ['issue-1']);
  });

  test('a verification that fails for good is "unverified", and the change is still on record', async () => {
    await using run = await remediation(rig, {
      script: {
        async verifyChange() {
          throw ApplicationFailure.nonRetryable('the case is not in the store');
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    assert.equal((await run.handle.result()).outcome, 'unverified');
    assert.deepEqual([closed(run)['action'], closed(run)['decidedBy']], ['stop-instance', ['ann']]);
  });

  for (const [undone, outcome] of [
    ['rolled-back', 'rolled-back'],
    ['needs-human', 'needs-human'],
    ['already-satisfied', 'needs-human'],
  ] as const)
    test(`contradicted by the cloud and undone with ${undone}: ${outcome}, no saving is claimed`, async () => {
      await using run = await remediation(rig, {
        script: {
          ...executing({ apply: step('applied'), rollback: step(undone) }),
          verifyChange: async () => ({ result: 'contradicted', reasons: ['cloud-state:running'], openIssueIds: [] }),
        },
      });
      await run.stage('awaiting-decision');
      await run.decide();
      const result = await run.handle.result();
      assert.deepEqual([result.outcome, result.reasons], [outcome, ['cloud-state:running']]);
      assert.deepEqual(steps(run), ['apply', 'rollback']);
      assert.deepEqual(run.of('verifySaving'), []);
    });

  for (const saving of ['contradicted', 'not-billed-yet', 'not-applicable'] as const)
    test(`the bill says ${saving}: reported as such, and the outcome stands`, async () => {
      await using run = await remediation(rig, {
        script: { verifySaving: async () => ({ result: saving, realisedMonthly: null }) },
      });
      await run.stage('awaiting-decision');
      await run.decide();
      const result = await run.handle.result();
      assert.deepEqual([result.outcome, result.savingVerified], ['remediated', saving]);
      assert.deepEqual(run.of('reportSaving')[0]?.['saving'], { result: saving, realisedMonthly: null });
    });

  test('a bill that cannot be read does not turn a proved change into a failed run', async () => {
    await using run = await remediation(rig, {
      script: {
        async verifySaving() {
          throw ApplicationFailure.nonRetryable('the case is not in the store');
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.savingVerified], ['remediated', 'not-billed-yet']);
  });

  test('cancelled while waiting for the bill: the outcome stands, the saving is unproved', async () => {
    await using run = await remediation(rig, {
      script: {
        async verifySaving() {
          throw ApplicationFailure.create({ message: 'not billed', nextRetryDelay: '1h' });
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    await run.stage('awaiting-bill');
    await run.handle.cancel();
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.savingVerified], ['remediated', 'not-billed-yet']);
  });

  test('cancelled while the change runs: its true end is waited for, and a change that was made is verified', async () => {
    const finish = Promise.withResolvers<void>();
    await using run = await remediation(rig, {
      script: {
        async executeChange() {
          await finish.promise;
          return step('applied');
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    await run.stage('executing');
    await run.handle.cancel();
    finish.resolve();
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.equal(run.of('verifyChange').length, 1);
  });

  test('cancelled while the change runs and stopped half-way: nobody says that nothing was changed', async () => {
    const begun = Promise.withResolvers<void>();
    await using run = await remediation(rig, {
      script: {
        async executeChange() {
          begun.resolve();
          const timer = setInterval(() => Context.current().heartbeat(), 20);
          try {
            return await Context.current().cancelled;
          } finally {
            clearInterval(timer);
          }
        },
      },
      waits: { executorHeartbeat: 300 },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    await begun.promise;
    await run.handle.cancel();
    const result = await run.handle.result();
    assert.equal(result.outcome, 'needs-human');
    assert.match(result.reasons[0] ?? '', /cancelled while the change was under way/);
    assert.equal(closed(run)['outcome'], 'needs-human');
  });
});
