import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, type Rig, remediation, startRig, type World } from '../helpers/workflow.ts';
import { outsideFirst, step, TERMINATE } from '../helpers/workflow-script.ts';

const HOURS = 3_600_000;
const terminate = { optionId: TERMINATE.optionId, planDigest: TERMINATE.planDigest };
const steps = (run: World) => run.of('executeChange').map((input) => (input as { step: string }).step);

describe('approved outside the change window', () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
  });
  after(() => rig?.stop());

  test('it waits, says so, and is done when the window opens', async () => {
    await using run = await remediation(rig, { script: outsideFirst({ opensInMs: 1_500 }) });
    await run.stage('awaiting-decision');
    await run.decide();
    await run.stage('awaiting-window');
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.deepEqual(steps(run), ['apply', 'apply']);
    const order = run.order();
    assert.ok(order.indexOf('announceWindow') > order.indexOf('executeChange:apply'));
    assert.ok(order.indexOf('announceWindow') < order.lastIndexOf('executeChange:apply'));
  });

  for (const [how, callOff, reason] of [
    ['withdrawn', (run: World) => run.handle.signal('withdraw', 'ann'), 'withdrawn by ann'],
    [
      'ended in the ticket system',
      (run: World) => run.handle.signal('ticketEnded', { by: 'itil', state: 'Canceled' }),
      'ticket Canceled by itil',
    ],
    ['cancelled', (run: World) => run.handle.cancel(), 'the run was cancelled while it waited for the change window'],
  ] as const)
    test(`${how} while it waits: nothing is changed`, async () => {
      await using run = await remediation(rig, { script: outsideFirst({ opensInMs: HOURS }) });
      await run.stage('awaiting-decision');
      await run.decide();
      await run.stage('awaiting-window');
      await callOff(run);
      const { outcome, reasons } = await run.handle.result();
      assert.deepEqual([outcome, reasons], ['cancelled', [reason]]);
      assert.deepEqual(steps(run), ['apply']);
    });

  test('the second phase waits as well, and what was stopped is started again when it is called off', async () => {
    await using run = await remediation(rig, {
      script: outsideFirst({ at: 'complete', opensInMs: HOURS }),
      waits: { hold: 50 },
    });
    await run.stage('awaiting-decision');
    await run.decide(terminate);
    await run.stage('awaiting-window');
    await run.handle.signal('withdraw', 'ann');
    assert.equal((await run.handle.result()).outcome, 'rolled-back');
    assert.deepEqual(steps(run), ['apply', 'complete', 'rollback']);
  });

  test('a window that moves away is waited for again', async () => {
    let asked = 0;
    await using run = await remediation(rig, {
      script: {
        async executeChange() {
          asked += 1;
          if (asked > 2) return step('blocked-by-policy', 'policy:no-permit');
          return { ...step('outside-window'), notBefore: new Date(Date.now() + 1_000).toISOString() };
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    await eventually('the last word', async () => (asked === 3 ? asked : null));
    assert.equal((await run.handle.result()).outcome, 'blocked-by-policy', 'and the validity of the approval ends it');
    assert.equal(run.of('announceWindow').length, 2);
  });
});
