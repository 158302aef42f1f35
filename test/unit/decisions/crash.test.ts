import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecisionServiceDeps } from '../../../decisions/service.ts';
import type { Answer } from '../../../decisions/types.ts';
import { APPROVE, type DecisionRig, decisionRig, eventually, REQUEST, request } from './rig.ts';

// authorise → trail → records → workflow. Each of the last three fails or is cut off, before it had its effect and after.

const STEPS = ['trail', 'records', 'workflow'] as const;
type Step = (typeof STEPS)[number];
type Fault = 'fails' | 'loses its answer' | 'dies before' | 'dies after';
const FAULTS: readonly Fault[] = ['fails', 'loses its answer', 'dies before', 'dies after'];

const { approvalId } = REQUEST;
const ANSWERS: readonly Answer[] = [
  APPROVE,
  { kind: 'reject', approvalId, reason: 'still in use' },
  { kind: 'snooze', approvalId, until: '2026-03-09T00:00:00.000Z' },
  { kind: 'withdraw', approvalId },
];

/** The process of the person's first attempt, in which one step goes wrong once. */
function faulty(rig: DecisionRig, step: Step, fault: Fault): DecisionServiceDeps {
  let left = 1;
  const spoilt =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (left-- <= 0) return work(...args);
      if (fault === 'fails') throw new Error(`${step} is down`);
      if (fault === 'dies before') return new Promise<never>(() => {});
      await work(...args);
      if (fault === 'dies after') return new Promise<never>(() => {});
      throw new Error('the connection was cut');
    };
  const { approvals } = rig.deps.store;
  const { audit } = rig;
  // A process that is dead does not come back to try again: only the next one does.
  const base = { ...rig.deps, redeliverEveryMs: 3_600_000 };
  switch (step) {
    case 'trail':
      return { ...base, audit: { ...audit, append: spoilt((entry) => audit.append(entry)) } };
    case 'records':
      return {
        ...base,
        store: {
          ...rig.deps.store,
          approvals: { ...approvals, recordDecision: spoilt((d) => approvals.recordDecision(d)) },
        },
      };
    case 'workflow':
      return { ...base, deliver: spoilt(rig.deps.deliver) };
  }
}

for (const answer of ANSWERS)
  for (const step of STEPS)
    for (const fault of FAULTS)
      test(`${answer.kind}: the ${step} ${fault}`, async () => {
        const rig = decisionRig();
        // Something has to be approved before it can be called off.
        if (answer.kind === 'withdraw') await rig.service().decide(request(APPROVE, { externalId: 'U0' }));
        const before = rig.inTrail().length;
        const first = rig.service(faulty(rig, step, fault));
        const result = await Promise.race([first.decide(request(answer)), turns(50)]);
        first.stop();

        const written = rig.inTrail().slice(before);
        const ours = (ids: Iterable<string>) => [...ids].filter((id) => id === written[0]?.payload['decisionId']);
        if (answer.kind === 'approve' && written.length === 0) assert.deepEqual(await rig.approvers(), []);
        if (result?.kind === 'refused') assert.deepEqual([result.refused, written], ['audit-unavailable', []]);

        // Another process starts: whatever is in the trail is finished, and what is not never was.
        const second = rig.service();
        await second.start();
        await eventually(() => ours(rig.told.keys()).length === written.length);
        second.stop();
        assert.equal(ours(rig.records.decisions.map((d) => d.decisionId)).length, written.length);

        // The person says it again: one decision, as it stands in the trail.
        const again = await rig.service().decide(request(answer));
        assert.equal(again.kind, written.length === 1 ? 'repeated' : 'recorded');
        const [event, ...more] = rig.inTrail().slice(before);
        assert.deepEqual(more, []);
        const stored = rig.records.decisions.filter((d) => d.decisionId === event?.payload['decisionId']);
        assert.equal(stored.length, 1);
        assert.deepEqual({ ...event?.payload, ...stored[0] }, event?.payload, 'trail and records say the same');
        assert.deepEqual(
          await rig.approvers(),
          answer.kind === 'approve' || answer.kind === 'snooze' ? who(answer) : [],
        );
      });

const who = (answer: Answer) => (answer.kind === 'approve' ? ['ana@acme.example'] : []);

/** Lets the event loop turn; the process that hangs is given up then. */
async function turns(count: number): Promise<null> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
  return null;
}

test('stored by an older release without being in the trail: nobody approved until it is said again', async () => {
  const rig = decisionRig();
  await rig.service().decide(request(APPROVE));
  const [decision] = rig.records.decisions;
  rig.audit.entries.splice(0);
  rig.told.clear();
  assert.deepEqual(await rig.approvers(), []);
  const service = rig.service();
  await service.start();
  await turns(20);
  service.stop();
  assert.equal(rig.told.size, 0, 'the workflow is not told what nobody can prove');
  await rig.service().decide(request(APPROVE));
  assert.deepEqual(
    rig.inTrail().map((e) => e.payload['decisionId']),
    [decision?.decisionId],
  );
  assert.deepEqual(await rig.approvers(), ['ana@acme.example']);
});

test('five copies at once are one decision', async () => {
  const rig = decisionRig();
  const service = rig.service();
  const results = await Promise.all(Array.from({ length: 5 }, () => service.decide(request(APPROVE))));
  assert.deepEqual(results.map((r) => r.kind).toSorted(), ['recorded', 'repeated', 'repeated', 'repeated', 'repeated']);
  assert.deepEqual([rig.inTrail().length, rig.records.decisions.length, rig.told.size], [1, 1, 1]);
});

test('what another process left behind later is found as well, and told once', async () => {
  const rig = decisionRig();
  let told = 0;
  const service = rig.service({
    deliver: async () => {
      told += 1;
      return { via: 'signal', answer: null };
    },
  });
  await service.start();
  const other = rig.service({ ...faulty(rig, 'records', 'dies before') });
  void other.decide(request(APPROVE));
  await eventually(() => rig.records.decisions.length === 1);
  await turns(50);
  service.stop();
  assert.equal(told, 1);
});
