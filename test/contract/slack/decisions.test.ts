import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { until } from '../../helpers/chat.ts';
import { type SlackBench, startSlackBench } from '../../helpers/slack.ts';

const STOP = 'opt_approve_stop-instance';
const TERMINATE = 'opt_approve_snapshot-and-terminate-instance';
let bench: SlackBench;

before(async () => {
  bench = await startSlackBench();
});
after(() => bench.stop());
beforeEach(() => {
  bench.told.length = 0;
  bench.clearNotes();
});

test('an approval is stored, audited, told to the workflow and confirmed to the person', async () => {
  const { request, ref } = await bench.ask();
  const pressed = await bench.interact('U0ANA', ref, STOP);
  assert.equal(pressed.status, 200);
  const [note] = await bench.notes('U0ANA');
  assert.match(note ?? '', /approval of stopping the instance is recorded/);

  const [decision, ...more] = await bench.store.approvals.decisionsOn(request.approvalId);
  assert.equal(more.length, 0);
  assert.equal(decision?.actor.subject, 'ana@acme.example');
  assert.equal(decision?.planDigest, request.options[0]?.planDigest);
  assert.deepEqual(bench.told, [decision]);
  const trail = await bench.trail(`remediation/${request.remediationId}`);
  assert.deepEqual(
    trail.map((e) => e.type),
    ['APPROVAL_GIVEN'],
  );
  assert.equal(trail[0]?.payload?.planDigest, decision?.planDigest);
  await until(() =>
    bench.simulator.world.messages.some((m) => m.threadTs === ref.messageTs && m.text.includes('Ana approved')),
  );
});

test('five clicks of one person are one decision, one line in the thread and one entry in the trail', async () => {
  const { request, ref } = await bench.ask();
  const interactions = await Promise.all(Array.from({ length: 5 }, () => bench.interact('U0ANA', ref, STOP)));
  assert.deepEqual(
    interactions.map((p) => p.status),
    [200, 200, 200, 200, 200],
  );
  const notes = await bench.notes('U0ANA', 5);
  assert.equal(notes.length, 5);
  assert.equal((await bench.store.approvals.decisionsOn(request.approvalId)).length, 1);
  assert.equal(new Set(bench.told.map((d) => JSON.stringify(d))).size, 1, 'the workflow hears the very same decision');
  assert.deepEqual(
    (await bench.trail(`remediation/${request.remediationId}`)).map((e) => e.type),
    ['APPROVAL_GIVEN'],
  );
  const lines = bench.simulator.world.messages.filter(
    (m) => m.threadTs === ref.messageTs && m.text.includes('approved'),
  );
  assert.equal(lines.length, 1);
});

test('two accounts of one person count once; the message shows who is still missing and keeps its buttons', async () => {
  const { request, ref } = await bench.ask();
  await bench.interact('U0ANA', ref, TERMINATE);
  assert.match((await bench.notes('U0ANA'))[0] ?? '', /1 more person has to agree/);
  await bench.interact('U0ANA2', ref, TERMINATE);
  assert.match((await bench.notes('U0ANA2'))[0] ?? '', /You said this already/);
  assert.equal((await bench.store.approvals.decisionsOn(request.approvalId)).length, 1);

  const message = () => bench.simulator.world.find(ref.channel, ref.messageTs);
  await until(() => JSON.stringify(message()?.blocks).includes('1 of 2 approvals by Ana'));
  assert.ok(
    message()?.blocks.some((b) => b.type === 'actions'),
    'the buttons stay',
  );

  await bench.interact('U0BEN', ref, TERMINATE);
  assert.match((await bench.notes('U0BEN'))[0] ?? '', /is recorded\.$/);
  const decisions = await bench.store.approvals.decisionsOn(request.approvalId);
  assert.deepEqual(
    decisions.map((d) => d.actor.subject),
    ['ana@acme.example', 'ben@acme.example'],
  );
});

test('two approvers at the same moment are two approvals', async () => {
  const { request, ref } = await bench.ask();
  await Promise.all([bench.interact('U0BEN', ref, TERMINATE), bench.interact('U0CLEO', ref, TERMINATE)]);
  await Promise.all([bench.notes('U0BEN'), bench.notes('U0CLEO')]);
  const subjects = (await bench.store.approvals.decisionsOn(request.approvalId)).map((d) => d.actor.subject);
  assert.deepEqual(subjects.sort(), ['ben@acme.example', 'cleo@acme.example']);
  assert.equal(new Set(bench.told.map((d) => d.decisionId)).size, 2);
});

test('a progress note never brings buttons back to a request that was decided meanwhile', async () => {
  const { request, ref } = await bench.ask();
  bench.answer(async () => {
    await bench.store.approvals.transition(request.approvalId, 'open', 'decided');
    return { via: 'update', answer: { accepted: true, refusal: null, approvalsCounted: 1, approvalsRequired: 2 } };
  });
  await bench.chat.replaceWithDecision(ref, { headline: 'Approved by Ana and Ben', detail: '' });
  await bench.interact('U0ANA', ref, {
    id: TERMINATE,
    value: JSON.stringify({
      kind: 'approve',
      approvalId: request.approvalId,
      optionId: 'snapshot-and-terminate-instance',
      digest: 'b'.repeat(16),
    }),
  });
  await bench.notes('U0ANA');
  await until(() =>
    bench.simulator.world.messages.some((m) => m.threadTs === ref.messageTs && m.text.includes('Ana approved')),
  );
  const message = bench.simulator.world.find(ref.channel, ref.messageTs);
  assert.ok(!message?.blocks.some((b) => b.type === 'actions'));
  assert.match(JSON.stringify(message?.blocks), /Approved by Ana and Ben/);
});

test('a rejection asks for a reason in a modal, insists on one, and records it', async () => {
  const { request, ref } = await bench.ask();
  await bench.interact('U0BEN', ref, 'opt_reject');
  await until(() => [...bench.simulator.world.views.values()].some((v) => v.user === 'U0BEN'));
  const view = [...bench.simulator.world.views.values()].find((v) => v.user === 'U0BEN');
  const short = await bench.sim('submit-view', { user: 'U0BEN', viewId: view?.id, values: { reason: 'no' } });
  assert.match(String((short.errors as Record<string, string>).reason), /at least 5/);
  assert.equal(bench.told.length, 0);

  await bench.sim('submit-view', {
    user: 'U0BEN',
    viewId: view?.id,
    values: { reason: 'Needed for <!channel> audit' },
  });
  await bench.notes('U0BEN');
  const [decision] = await bench.store.approvals.decisionsOn(request.approvalId);
  assert.equal(decision?.kind, 'reject');
  assert.equal(decision?.reason, 'Needed for <!channel> audit');
  await until(() =>
    bench.simulator.world.messages.some((m) => m.threadTs === ref.messageTs && m.text.includes('rejected')),
  );
  const line = bench.simulator.world.messages.find((m) => m.threadTs === ref.messageTs && m.text.includes('rejected'));
  assert.ok(line?.text.includes('&lt;!channel&gt;') && !line.text.includes('<!channel>'));
});

test('a form that stayed open past the end of the request is refused when it is sent', async () => {
  const { request, ref } = await bench.ask();
  await bench.interact('U0CLEO', ref, 'opt_reject');
  await until(() => [...bench.simulator.world.views.values()].some((v) => v.user === 'U0CLEO'));
  const view = [...bench.simulator.world.views.values()].find((v) => v.user === 'U0CLEO');
  await bench.store.approvals.transition(request.approvalId, 'open', 'expired');
  await bench.sim('submit-view', { user: 'U0CLEO', viewId: view?.id, values: { reason: 'too late anyway' } });
  assert.match((await bench.notes('U0CLEO'))[0] ?? '', /\(expired\)/);
  assert.deepEqual(await bench.refusals(request), ['expired']);
  assert.equal(bench.told.length, 0);
});

test('a form sent by somebody else is checked for that person, not for the one who opened it', async () => {
  const { request, ref } = await bench.ask();
  await bench.interact('U0ANA', ref, 'opt_reject');
  await until(() => [...bench.simulator.world.views.values()].some((v) => v.user === 'U0ANA'));
  const view = [...bench.simulator.world.views.values()].find((v) => v.user === 'U0ANA');
  await bench.sim('submit-view', { user: 'U0MAL', viewId: view?.id, values: { reason: 'because I can' } });
  assert.match((await bench.notes('U0MAL'))[0] ?? '', /not-an-approver/);
  assert.deepEqual(await bench.refusals(request), ['not-an-approver']);
});

test('a snooze says until when', async () => {
  const { request, ref } = await bench.ask();
  await bench.interact('U0CLEO', ref, 'opt_snooze_1w');
  await bench.notes('U0CLEO');
  const [decision] = await bench.store.approvals.decisionsOn(request.approvalId);
  assert.equal(decision?.kind, 'snooze');
  const days = (Date.parse(decision?.snoozeUntil ?? '') - Date.now()) / 86_400_000;
  assert.ok(days > 6.99 && days <= 7, `${days}`);
});

test('with every worker away the decision goes as a Signal and the person is told so', async () => {
  bench.answer(async () => ({ via: 'signal', answer: null }));
  const { ref } = await bench.ask();
  await bench.interact('U0BEN', ref, TERMINATE);
  const [note] = await bench.notes('U0BEN');
  assert.match(note ?? '', /1 more person has to agree.*honoured as soon as they are back/);
});

test('when the workflow service cannot be reached the decision is kept and told again until it arrives', async () => {
  let down = true;
  bench.answer(async () => {
    if (down) throw new Error('connection refused');
    return { via: 'signal', answer: null };
  });
  const { request, ref } = await bench.ask();
  await bench.interact('U0ANA', ref, STOP);
  assert.match((await bench.notes('U0ANA'))[0] ?? '', /recorded/);
  assert.equal((await bench.store.approvals.decisionsOn(request.approvalId)).length, 1);
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
  await bench.interact('U0ANA', ref, STOP);
  assert.match((await bench.notes('U0ANA'))[0] ?? '', /out of date.*workflow:superseded/);
  assert.deepEqual(await bench.refusals(request), ['workflow:superseded']);
});
