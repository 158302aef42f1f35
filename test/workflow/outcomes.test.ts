import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import type { StepOutcome } from '../../schemas/outcome.ts';
import { type Rig, remediation, startRig, type World } from '../helpers/workflow.ts';
import { assessed, executing, gathered, type Script, STOP, step } from '../helpers/workflow-script.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

const steps = (run: World) => run.of('executeChange').map((i) => i['step']);
const closed = (run: World) => run.of('closeOut')[0] ?? assert.fail('closeOut was not called');

// Each run has its own script, so they need not wait for each other.
describe('how a run ends', { concurrency: 4 }, () => {
  const endings: readonly (readonly [string, Script, { outcome: string; reasons: string[] }])[] = [
    [
      'gone when gathered',
      { gatherContext: async () => ({ kind: 'gone', reasons: ['asset-not-found'] }) },
      { outcome: 'already-gone', reasons: ['asset-not-found'] },
    ],
    [
      'not idle any more',
      { gatherContext: async () => ({ kind: 'not-idle', reasons: ['cpu-peak-above-threshold'] }) },
      { outcome: 'active-again', reasons: ['cpu-peak-above-threshold'] },
    ],
    [
      'only observed',
      { gatherContext: async () => gathered({ phase: 'observe' }) },
      { outcome: 'observed', reasons: ['phase:observe'] },
    ],
    [
      'without an option',
      { assessRisk: async () => assessed({ options: [], recommended: null }) },
      { outcome: 'needs-human', reasons: ['no-option-applies'] },
    ],
    [
      'when gathering fails for good',
      {
        gatherContext: async () => {
          throw ApplicationFailure.nonRetryable('the case cannot be stored');
        },
      },
      { outcome: 'needs-human', reasons: ['the case cannot be stored'] },
    ],
    [
      'when nobody can be asked',
      {
        askForDecision: async () => {
          throw ApplicationFailure.nonRetryable('the ticket system refuses');
        },
      },
      { outcome: 'needs-human', reasons: ['the ticket system refuses'] },
    ],
  ];
  for (const [name, script, expected] of endings)
    test(`${name}: ends as ${expected.outcome}, nobody is asked twice, nothing is executed, everybody is told`, async () => {
      await using run = await remediation(rig, { script });
      const { outcome, reasons } = await run.handle.result();
      assert.deepEqual({ outcome, reasons }, expected);
      assert.deepEqual(steps(run), []);
      assert.equal(run.of('closeOut').length, 1);
      assert.equal(closed(run)['outcome'], expected.outcome);
    });

  test('automated: the policy decides, nobody is waited for, and it says so', async () => {
    await using run = await remediation(rig, {
      script: {
        gatherContext: async () => gathered({ phase: 'automate' }),
        assessRisk: async () => assessed({ automation: { allowed: true, optionId: STOP.optionId, reasons: [] } }),
      },
    });
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.equal(run.of('askForDecision')[0]?.['automatedOption'], STOP.optionId);
    assert.deepEqual(closed(run)['decidedBy'], ['policy']);
    assert.deepEqual(run.of('watchTicket'), []);
  });

  const refusals: readonly (readonly [StepOutcome, string])[] = [
    [step('blocked-by-policy', 'policy:forbid-open-incident'), 'blocked-by-policy'],
    [step('blocked-by-preflight', 'preflight:termination_protection'), 'blocked-by-preflight'],
    [step('blocked-by-drift', 'drift:instanceType'), 'blocked-by-drift'],
    [step('active-again', 'busy-again:cpu'), 'active-again'],
    [step('rolled-back', 'restored:m5.large'), 'rolled-back'],
    [step('needs-human', 'kill-switch'), 'needs-human'],
    [step('already-satisfied', 'cloud-state:stopped'), 'already-gone'],
    [step('gone', 'asset-not-found'), 'already-gone'],
  ];
  for (const [answer, outcome] of refusals)
    test(`the executor says ${answer.result}: ${outcome}, with its reasons, unverified and unbilled`, async () => {
      await using run = await remediation(rig, { script: executing({ apply: answer }) });
      await run.stage('awaiting-decision');
      await run.decide();
      const result = await run.handle.result();
      assert.deepEqual([result.outcome, result.reasons], [outcome, answer.reasons]);
      assert.equal(result.savingVerified, 'not-applicable');
      assert.deepEqual([run.of('verifyChange'), run.of('verifySaving')], [[], []]);
      assert.deepEqual([closed(run)['action'], closed(run)['caseId']], ['stop-instance', 'case-1']);
    });
});
