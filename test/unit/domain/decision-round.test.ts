import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDecision, openRound, type Round, refusalOf } from '../../../domain/decision-round.ts';
import type { Decision } from '../../../schemas/decision.ts';

const EXPIRES = Date.parse('2026-03-02T12:00:00Z');
const IN_TIME = EXPIRES - 1;

function round(required = 2): Round {
  return openRound({
    approvalId: 'a1',
    expiresAtMs: EXPIRES,
    options: [
      { optionId: 'stop-instance', planDigest: 'stop', requiredApprovals: required },
      { optionId: 'resize-instance', planDigest: 'resize', requiredApprovals: required },
    ],
  });
}

function approve(by: string, option: 'stop' | 'resize' = 'stop', id = `${by}-${option}`): Decision {
  return {
    decisionId: id,
    approvalId: 'a1',
    remediationId: 'r1',
    kind: 'approve',
    optionId: `${option}-instance`,
    planDigest: option,
    reason: null,
    snoozeUntil: null,
    actor: { subject: `${by}@example.com`, displayName: by, via: 'slack', externalId: by },
    decidedAt: '2026-03-02T11:00:00Z',
  };
}

const reject = (by: string): Decision => ({
  ...approve(by),
  decisionId: `${by}-no`,
  kind: 'reject',
  optionId: null,
  planDigest: null,
  reason: 'no',
});
const snooze = (by: string): Decision => ({
  ...reject(by),
  decisionId: `${by}-later`,
  kind: 'snooze',
  snoozeUntil: '2026-03-09T00:00:00Z',
});

function play(decisions: readonly Decision[], from = round()): Round {
  return decisions.reduce((r, d) => applyDecision(r, d, IN_TIME).round, from);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

/** Seeded, so that a failure can be seen again. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomDecisions(seed: number): Decision[] {
  const next = generator(seed);
  const people = ['ann', 'ben', 'cleo'];
  return Array.from({ length: 1 + next(8) }, (_, i) => {
    const by = people[next(3)] as string;
    const kind = next(12);
    if (kind === 0) return reject(by);
    if (kind === 1) return snooze(by);
    return approve(by, next(2) === 0 ? 'stop' : 'resize', `${i}`);
  });
}

test('who approves first makes no difference to what is approved and by whom', () => {
  for (const order of permutations([approve('ann'), approve('ben')])) {
    const { ended } = play(order);
    assert.equal(ended?.kind, 'approved');
    assert.deepEqual(ended?.kind === 'approved' && [ended.optionId, [...ended.by].sort()], [
      'stop-instance',
      ['ann', 'ben'],
    ]);
  }
});

test('a rejection ends the round in whatever place it comes before agreement', () => {
  for (const order of permutations([approve('ann'), approve('ben', 'resize'), reject('cleo')]))
    assert.deepEqual(play(order).ended, { kind: 'rejected', by: 'cleo', reason: 'no' });
});

test('a snooze ends the round and says until when', () => {
  assert.deepEqual(play([approve('ann'), snooze('ben')]).ended, {
    kind: 'snoozed',
    by: 'ben',
    until: '2026-03-09T00:00:00Z',
  });
});

test('people who want different things have not agreed, in any order and number of interactions', () => {
  for (const order of permutations([approve('ann'), approve('ben', 'resize'), approve('ann', 'stop', 'again')]))
    assert.equal(play(order).ended, null);
});

test('somebody who changes their mind has one vote, the last', () => {
  const changed = play([approve('ann', 'stop'), approve('ann', 'resize'), approve('ben', 'stop')]);
  assert.equal(changed.ended, null);
  assert.equal(play([approve('ben', 'resize')], changed).ended?.kind, 'approved');
});

test('over 2,000 random rounds: approved only by enough distinct people who last said the same', () => {
  let approved = 0;
  for (let seed = 1; seed <= 2_000; seed++) {
    let current = round();
    const wanted = new Map<string, string>();
    for (const decision of randomDecisions(seed)) {
      const before = current;
      const { round: after, answer } = applyDecision(current, decision, IN_TIME);
      current = after;
      if (before.ended !== null) assert.deepEqual(after, before, `seed ${seed}: a closed round changed`);
      if (answer.accepted && decision.kind === 'approve') wanted.set(decision.actor.subject, String(decision.optionId));
    }
    if (current.ended?.kind !== 'approved') continue;
    approved++;
    const { optionId, by } = current.ended;
    const agreeing = [...wanted.values()].filter((option) => option === optionId).length;
    assert.ok(agreeing >= 2 && new Set(by).size === by.length && by.length >= 2, `seed ${seed}`);
  }
  assert.ok(approved > 100, `only ${approved} of the rounds were approved: they prove little`);
});

test('over 500 random rounds: deliveries again, at any later place, change nothing', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const next = generator(seed * 7);
    const once = randomDecisions(seed);
    const again = once.flatMap((decision, i) =>
      next(2) === 0 ? [decision] : [decision, once[next(i + 1)] as Decision, decision],
    );
    assert.deepEqual(play(again), play(once), `seed ${seed}`);
  }
});

test('a repeated delivery gets the answer it got, even after the round is over', () => {
  const first = applyDecision(round(1), approve('ann'), IN_TIME);
  const again = applyDecision(first.round, approve('ann'), EXPIRES + 1);
  assert.deepEqual([again.answer, again.round], [first.answer, first.round]);
  assert.equal(refusalOf(first.round, approve('ann'), EXPIRES + 1), null);
});

test('every refusal is named, and the last millisecond counts', () => {
  const open = round(1);
  assert.equal(refusalOf(null, approve('ann'), IN_TIME), 'not-awaiting-decision');
  assert.equal(refusalOf(open, { ...approve('ann'), approvalId: 'a0' }, IN_TIME), 'superseded');
  assert.equal(refusalOf(open, approve('ann'), IN_TIME), null);
  assert.equal(refusalOf(open, approve('ann'), EXPIRES), 'expired');
  assert.equal(refusalOf(open, { ...approve('ann'), optionId: 'release-address' }, IN_TIME), 'unknown-option');
  assert.equal(refusalOf(open, { ...approve('ann'), planDigest: 'other' }, IN_TIME), 'plan-digest-mismatch');
  assert.equal(refusalOf(play([approve('ann')], open), approve('ben'), IN_TIME), 'already-decided');
});

test('an expired rejection is refused as well: silence has spoken', () => {
  assert.equal(refusalOf(round(), reject('ann'), EXPIRES), 'expired');
});

test('ids that are names of built-in properties are ids like any other', () => {
  for (const id of ['constructor', '__proto__', 'toString']) {
    assert.equal(refusalOf(round(), approve('ann', 'stop', id), EXPIRES), 'expired');
    const { round: after, answer } = applyDecision(round(), approve('ann', 'stop', id), IN_TIME);
    assert.deepEqual([answer.accepted, answer.approvalsCounted], [true, 1]);
    assert.deepEqual(applyDecision(after, approve('ann', 'stop', id), IN_TIME).round, after);
  }
});

test('a round survives being written down and read again', () => {
  const half = play([approve('ann')]);
  assert.equal(play([approve('ben')], JSON.parse(JSON.stringify(half)) as Round).ended?.kind, 'approved');
});
