import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { until } from '../../helpers/chat.ts';
import { buttonsOf, cardText, startTeamsBench, type TeamsBench } from './bench.ts';

const STOP = 'approve_stop-instance';
const TERMINATE = 'approve_snapshot-and-terminate-instance';
let bench: TeamsBench;

before(async () => {
  bench = await startTeamsBench({
    deps: (deps) => ({ ...deps, times: { ...deps.times, answerWithinMs: 1500 } }),
  });
});
after(() => bench.stop());
beforeEach(() => {
  bench.told.length = 0;
  bench.answer(bench.records.countLikeTheWorkflow);
});

const decisionsOn = (approvalId: string) => bench.records.store.approvals.decisionsOn(approvalId);
const trailOf = (remediationId: string) => bench.records.trail(`remediation/${remediationId}`);

test('an approval is stored, audited, told to the workflow, and confirmed to the person and in the thread', async () => {
  const { request, ref } = await bench.ask();
  const pressed = await bench.interact('ana', ref, STOP);
  assert.equal(pressed.status, 200);
  assert.deepEqual(JSON.parse(pressed.answer), {
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: '✅ Your approval of stopping the instance is recorded.',
  });

  const [decision, ...more] = await decisionsOn(request.approvalId);
  assert.equal(more.length, 0);
  assert.equal(decision?.actor.subject, 'ana@acme.example');
  assert.equal(decision?.actor.via, 'teams');
  assert.equal(decision?.planDigest, request.options[0]?.planDigest);
  assert.deepEqual(bench.told, [decision]);
  const trail = await trailOf(request.remediationId);
  assert.deepEqual(
    trail.map((e) => e.type),
    ['APPROVAL_GIVEN'],
  );
  assert.equal(trail[0]?.payload?.['planDigest'], decision?.planDigest);
  assert.equal(trail[0]?.payload?.['tenantId'], 'acce0000-0000-4000-8000-00000000acce');
  await bench.thread(ref, /Ana approved stopping the instance/);
});

test('the card loses its buttons when the decision is shown, and keeps what was asked', async () => {
  const { ref } = await bench.ask();
  assert.ok(buttonsOf(bench.message(ref)?.card).includes(STOP));
  await bench.interact('ana', ref, STOP);
  await bench.chat.replaceWithDecision(ref, { headline: 'Approved by Ana', detail: 'Secure stop, 10:31 UTC' });
  assert.deepEqual(buttonsOf(bench.message(ref)?.card), []);
  assert.match(cardText(bench.message(ref)?.card), /web-idle-3.*Approved by Ana.*10:31/);
});

test('five clicks of one person are one decision, one line in the thread and one entry in the trail', async () => {
  const { request, ref } = await bench.ask();
  const interactions = await Promise.all(Array.from({ length: 5 }, () => bench.interact('ana', ref, STOP)));
  assert.deepEqual(
    interactions.map((p) => p.status),
    [200, 200, 200, 200, 200],
  );
  assert.ok(interactions.every((p) => /is recorded|You said this already/.test(p.note)));
  assert.equal((await decisionsOn(request.approvalId)).length, 1);
  assert.equal(new Set(bench.told.map((d) => JSON.stringify(d))).size, 1, 'the workflow hears the very same decision');
  assert.deepEqual(
    (await trailOf(request.remediationId)).map((e) => e.type),
    ['APPROVAL_GIVEN'],
  );
  assert.equal((await bench.thread(ref, /approved/)).length, 1);
});

test('two accounts of one person count once; the card shows who is still missing and keeps its buttons', async () => {
  const { request, ref } = await bench.ask();
  assert.match((await bench.interact('ana', ref, TERMINATE)).note, /1 more person has to agree/);
  assert.match((await bench.interact('ana.mobile', ref, TERMINATE)).note, /You said this already/);
  assert.equal((await decisionsOn(request.approvalId)).length, 1);
  await until(() => cardText(bench.message(ref)?.card).includes('1 of 2 approvals by Ana'));
  assert.ok(buttonsOf(bench.message(ref)?.card).includes(TERMINATE), 'the buttons stay');

  assert.match((await bench.interact('ben', ref, TERMINATE)).note, /is recorded\.$/);
  assert.deepEqual(
    (await decisionsOn(request.approvalId)).map((d) => d.actor.subject),
    ['ana@acme.example', 'ben@acme.example'],
  );
});

test('two approvers at the same moment are two approvals', async () => {
  const { request, ref } = await bench.ask();
  await Promise.all([bench.interact('ben', ref, TERMINATE), bench.interact('cleo', ref, TERMINATE)]);
  const subjects = (await decisionsOn(request.approvalId)).map((d) => d.actor.subject);
  assert.deepEqual(subjects.sort(), ['ben@acme.example', 'cleo@acme.example']);
  assert.equal(new Set(bench.told.map((d) => d.decisionId)).size, 2);
});

test('a progress note never brings buttons back to a request that was decided meanwhile', async () => {
  const { request, ref } = await bench.ask();
  bench.answer(async () => {
    await bench.records.store.approvals.transition(request.approvalId, 'open', 'decided');
    await bench.chat.replaceWithDecision(ref, { headline: 'Approved by Ana and Ben', detail: '' });
    return { via: 'update', answer: { accepted: true, refusal: null, approvalsCounted: 1, approvalsRequired: 2 } };
  });
  await bench.interact('ana', ref, TERMINATE);
  await bench.thread(ref, /Ana approved/);
  assert.deepEqual(buttonsOf(bench.message(ref)?.card), []);
  assert.match(cardText(bench.message(ref)?.card), /Approved by Ana and Ben/);
});

test('a rejection takes the reason typed on the card, insists on one, and records it', async () => {
  const { request, ref } = await bench.ask();
  for (const reason of ['', 'no', '    x     '])
    assert.match(
      (await bench.interact('ben', ref, { id: 'reject', inputs: { reason } })).note,
      /at least 5 characters/,
    );
  assert.match(
    (await bench.interact('ben', ref, { id: 'reject', inputs: { reason: 'x'.repeat(1001) } })).note,
    /under 1000/,
  );
  assert.deepEqual(bench.told, []);

  const reason = 'Needed for the <at>everyone</at> [audit](https://evil.example)';
  assert.match((await bench.interact('ben', ref, { id: 'reject', inputs: { reason } })).note, /rejection is recorded/);
  const [decision] = await decisionsOn(request.approvalId);
  assert.equal(decision?.kind, 'reject');
  assert.equal(decision?.reason, reason);
  await bench.thread(ref, /Ben rejected this/);
  const line = bench.simulator.world.messages.find((m) => m.threadOf === ref.messageTs && m.text.includes('rejected'));
  assert.equal(line?.textFormat, 'plain', 'nothing in it is interpreted');
});

test('a form that stayed open past the end of the request is refused when it is sent', async () => {
  const { request, ref } = await bench.ask();
  await bench.records.store.approvals.transition(request.approvalId, 'open', 'expired');
  const { note } = await bench.interact('cleo', ref, { id: 'reject', inputs: { reason: 'too late anyway' } });
  assert.match(note, /\(expired\)/);
  assert.deepEqual(await bench.records.refusals(request), ['expired']);
  assert.deepEqual(bench.told, []);
});

test('a snooze says until when', async () => {
  const { request, ref } = await bench.ask();
  assert.match((await bench.interact('cleo', ref, 'snooze_1w')).note, /snooze is recorded/);
  const [decision] = await decisionsOn(request.approvalId);
  assert.equal(decision?.kind, 'snooze');
  const days = (Date.parse(decision?.snoozeUntil ?? '') - Date.now()) / 86_400_000;
  assert.ok(days > 6.99 && days <= 7, `${days}`);
});

test('a workflow that takes its time does not keep Teams waiting: the outcome comes in the thread', async () => {
  const { ref } = await bench.ask();
  bench.answer(async (decision) => {
    await new Promise((resolve) => setTimeout(resolve, 2200));
    return bench.records.countLikeTheWorkflow(decision);
  });
  const began = Date.now();
  const { note } = await bench.interact('ana', ref, STOP);
  assert.ok(Date.now() - began < 2100, `${Date.now() - began} ms`);
  assert.match(note, /received this.*said in the thread/);
  await bench.thread(ref, /Ana Almeida: ✅ Your approval of stopping the instance is recorded/);
  await bench.thread(ref, /✅ Ana approved stopping the instance/);
});

test('with every worker away the decision goes as a Signal and the person is told so', async () => {
  bench.answer(async () => ({ via: 'signal', answer: null }));
  const { ref } = await bench.ask();
  const { note } = await bench.interact('ben', ref, TERMINATE);
  assert.match(note, /1 more person has to agree.*honoured as soon as they are back/);
});

test('when the workflow service cannot be reached the decision is kept and told again until it arrives', async () => {
  let down = true;
  bench.answer(async () => {
    if (down) throw new Error('connection refused');
    return { via: 'signal', answer: null };
  });
  const { request, ref } = await bench.ask();
  assert.match((await bench.interact('ana', ref, STOP)).note, /recorded/);
  assert.equal((await decisionsOn(request.approvalId)).length, 1);
  await until(() => bench.told.length >= 2);
  down = false;
  const before = bench.told.length;
  await until(() => bench.told.length > before);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(bench.told.length, before + 1, 'told once more, then quiet');
  assert.equal(new Set(bench.told.map((d) => d.decisionId)).size, 1);
});

test('a refusal by the workflow reaches the person and the trail', async () => {
  bench.answer(async () => ({
    via: 'update',
    answer: { accepted: false, refusal: 'superseded', approvalsCounted: 0, approvalsRequired: 1 },
  }));
  const { request, ref } = await bench.ask();
  assert.match((await bench.interact('ana', ref, STOP)).note, /out of date.*workflow:superseded/);
  assert.deepEqual(await bench.records.refusals(request), ['workflow:superseded']);
});

test('the app says where it was added, and leaves alone what it does not do', async () => {
  assert.equal((await bench.sim('install', {}))['status'], 200);
  const { ref } = await bench.ask();
  const other = await bench.interact('ana', ref, { id: STOP, misbehave: { overrides: { name: 'task/fetch' } } });
  assert.equal(other.status, 501);
  const text = await bench.interact('ana', ref, {
    id: STOP,
    misbehave: { overrides: { type: 'message', text: 'approve' } },
  });
  assert.equal(text.status, 200);
  assert.deepEqual(bench.told, []);
});
