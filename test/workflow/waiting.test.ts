import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { eventually, type Rig, remediation, startRig } from '../helpers/workflow.ts';
import { TICKET, twoApprovers } from '../helpers/workflow-script.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

// Each run has its own script, so they need not wait for each other.
describe('the wait', { concurrency: 4 }, () => {
  test('silence means no: reminded, escalated, expired, and nothing is executed', async () => {
    await using run = await remediation(rig, { waits: { reminder: 80, escalation: 200, expiry: 4_000 } });
    const result = await run.handle.result();
    assert.equal(result.outcome, 'expired');
    assert.deepEqual(
      run.of('remind').map((i) => i['kind']),
      ['reminder', 'escalation'],
    );
    assert.deepEqual(run.of('executeChange'), []);
    assert.equal(run.of('closeOut')[0]?.['outcome'], 'expired');
  });

  test('reminders that fall after the expiry are not sent', async () => {
    await using run = await remediation(rig, { waits: { reminder: 500, escalation: 600, expiry: 150 } });
    assert.equal((await run.handle.result()).outcome, 'expired');
    assert.deepEqual(run.of('remind'), []);
  });

  test('a reminder that cannot be sent holds up neither the decision nor the expiry', async () => {
    const down = async () => {
      throw new Error('the chat is down');
    };
    await using decided = await remediation(rig, { script: { remind: down }, waits: { reminder: 30 } });
    await eventually('a reminder was tried', async () => decided.of('remind')[0] ?? null);
    await decided.decide();
    assert.equal((await decided.handle.result()).outcome, 'remediated');

    const gone = async () => {
      throw ApplicationFailure.nonRetryable('message deleted');
    };
    await using silent = await remediation(rig, { script: { remind: gone }, waits: { reminder: 30, expiry: 400 } });
    assert.equal((await silent.handle.result()).outcome, 'expired');
  });

  test('a ticket that somebody else ended cancels the run; it alone never grants anything', async () => {
    await using run = await remediation(rig, {
      script: { watchTicket: async () => ({ endedBy: 'itil.manager', state: 'Closed' }) },
    });
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.reasons], ['cancelled', ['ticket Closed by itil.manager']]);
    assert.deepEqual(run.of('executeChange'), []);
    assert.equal(run.of('watchTicket')[0]?.['ticketId'], TICKET.id);
  });

  test('a ticket that can no longer be watched leaves the decision to people', async () => {
    await using run = await remediation(rig, {
      script: {
        watchTicket: async () => {
          throw ApplicationFailure.nonRetryable('record not found');
        },
      },
    });
    await run.stage('awaiting-decision');
    await run.decide();
    assert.equal((await run.handle.result()).outcome, 'remediated');
  });

  test('a decision pressed while no worker runs is honoured when one starts', async () => {
    await using run = await remediation(rig, { worker: 'own' });
    await run.stage('awaiting-decision');
    await run.stopWorker();
    await run.handle.signal('decision', run.decision());
    await run.startWorker();
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.equal(run.of('showDecision')[0]?.['stage'], 'decided');
  });

  test('it is honoured even when the request expired meanwhile, because it was pressed in time', async () => {
    await using run = await remediation(rig, { worker: 'own', waits: { expiry: 2_000 } });
    await run.stage('awaiting-decision');
    await run.stopWorker();
    const pressed = run.decision();
    await delay(2_100);
    await run.handle.signal('decision', pressed);
    await run.startWorker();
    assert.equal((await run.handle.result()).outcome, 'remediated');
  });

  test('one that was pressed too late is not, whenever the worker starts', async () => {
    await using run = await remediation(rig, { worker: 'own', waits: { expiry: 1_500 } });
    await run.stage('awaiting-decision');
    await run.stopWorker();
    await delay(1_600);
    await run.handle.signal('decision', run.decision());
    await run.startWorker();
    assert.equal((await run.handle.result()).outcome, 'expired');
    assert.deepEqual(run.of('executeChange'), []);
  });

  test('pressed after the message went out but before any workflow worker heard of it: still honoured', async () => {
    await using run = await remediation(rig, { worker: 'later' });
    await run.handle.signal('decision', run.decision());
    await run.startWorker();
    assert.equal((await run.handle.result()).outcome, 'remediated');
  });

  test('one approval by Update and one by Signal make two', async () => {
    await using run = await remediation(rig, { script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    await run.decide({ by: 'ann' });
    await run.handle.signal('decision', run.decision({ by: 'ben' }));
    assert.equal((await run.handle.result()).outcome, 'remediated');
  });

  test('the wait survives a worker: state and decision are rebuilt from the history', async () => {
    await using run = await remediation(rig, { worker: 'own', script: { assessRisk: async () => twoApprovers() } });
    await run.stage('awaiting-decision');
    await run.decide({ by: 'ann' });
    await run.stopWorker();
    await run.startWorker();
    const status = await run.stage('awaiting-decision');
    assert.equal(status.approvals.length, 1);
    await run.decide({ by: 'ben' });
    assert.equal((await run.handle.result()).outcome, 'remediated');
    assert.equal(run.of('gatherContext').length, 1);
  });

  test('a cancelled wait still tells everybody, and nothing is executed', async () => {
    await using run = await remediation(rig);
    await run.stage('awaiting-decision');
    await run.handle.cancel();
    const result = await run.handle.result();
    assert.deepEqual([result.outcome, result.action, result.savingVerified], ['cancelled', null, 'not-applicable']);
    assert.deepEqual([run.of('closeOut')[0]?.['outcome'], run.of('closeOut')[0]?.['caseId']], ['cancelled', 'case-1']);
    assert.deepEqual(run.of('executeChange'), []);
  });
});
