import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDeliver } from '../../decisions/deliver.ts';
import { type Rig, remediation, startRig } from '../helpers/workflow.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

test('a decision that is accepted comes back with its count', async () => {
  await using run = await remediation(rig);
  await run.stage('awaiting-decision');
  assert.deepEqual(await createDeliver(rig.client)(run.decision()), {
    via: 'update',
    answer: { accepted: true, refusal: null, approvalsCounted: 1, approvalsRequired: 1 },
  });
  assert.equal((await run.handle.result()).outcome, 'remediated');
});

test('a refusal comes back as an answer with its reason, not as an error', async () => {
  await using run = await remediation(rig);
  await run.stage('awaiting-decision');
  const answer = await createDeliver(rig.client)(run.decision({ planDigest: 'digest-of-yesterday' }));
  assert.deepEqual(
    [answer.via, answer.answer?.accepted, answer.answer?.refusal],
    ['update', false, 'plan-digest-mismatch'],
  );
  await run.handle.terminate();
});

test('the same interaction handed over twice is one decision', async () => {
  await using run = await remediation(rig);
  await run.stage('awaiting-decision');
  const deliver = createDeliver(rig.client);
  const [first, second] = await Promise.all([deliver(run.decision()), deliver(run.decision())]);
  assert.deepEqual(first, second);
  assert.equal((await run.handle.result()).outcome, 'remediated');
});

test('while no worker answers it is handed to the server, which keeps it until one does', async () => {
  await using run = await remediation(rig, { worker: 'own' });
  await run.stage('awaiting-decision');
  await run.stopWorker();
  const asked = Date.now();
  assert.deepEqual(await createDeliver(rig.client, { acceptWithinMs: 300 })(run.decision()), {
    via: 'signal',
    answer: null,
  });
  assert.ok(Date.now() - asked < 5_000);
  await run.startWorker();
  assert.equal((await run.handle.result()).outcome, 'remediated');
  assert.equal(run.of('executeChange').length, 1);
});

test('a run nobody knows, and one that has ended, are refusals', async () => {
  await using run = await remediation(rig);
  const deliver = createDeliver(rig.client);
  const unknown = await deliver({ ...run.decision(), remediationId: 'remediate/test/nobody/ec2-idle' });
  assert.equal(unknown.answer?.refusal, 'run-not-found');
  await run.stage('awaiting-decision');
  await run.decide();
  await run.handle.result();
  const late = await deliver(run.decision({ by: 'ben' }));
  assert.equal(late.answer?.refusal, 'run-not-found');
});
