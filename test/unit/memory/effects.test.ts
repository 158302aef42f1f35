import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALIKE_FROM, agreement, likeness } from '../../../domain/memory/agreement.ts';
import { applies } from '../../../domain/memory/applies.ts';
import { applyMemory, MOST_QUESTIONS, memoryEffects } from '../../../domain/memory/effects.ts';
import { memoryNotes } from '../../../domain/memory/notes.ts';
import { loadGuidance } from '../../../providers/memory/guidance.ts';
import { findEgressViolation } from '../../../providers/model/egress-guard.ts';
import type { RiskAssessment } from '../../../schemas/risk.ts';
import { pastCase, randomPast } from './cases.ts';
import { labelledCases, PLAIN, seeded } from './neighbours.ts';

const GUIDANCE = await loadGuidance();
const RISK: RiskAssessment = {
  baseScore: 12,
  score: 12,
  level: 'low',
  reasonCodes: ['environment-dev'],
  vetoed: false,
  questions: ['Who owns it, and do they still need it?'],
  summary: null,
  assessor: 'rules',
  modelFailure: 'not-configured',
  confidence: 97,
  exposureScore: 3,
};

describe('the effect of memory', () => {
  it('never lowers anything and touches nothing but score, level, reasons and questions', () => {
    const random = seeded(11);
    for (let run = 0; run < 400; run++) {
      const cautions = Array.from({ length: Math.floor(random() * 6) }, (_, i) => randomPast(random, run * 10 + i));
      const guidance = GUIDANCE.filter(() => random() < 0.2);
      const before = { ...RISK, score: Math.floor(random() * 101) };
      const after = applyMemory(before, memoryEffects({ guidance, cautions }));
      assert.ok(after.score >= before.score && after.score - before.score <= 10 && after.score <= 100);
      for (const code of before.reasonCodes) assert.ok(after.reasonCodes.includes(code));
      for (const question of before.questions) assert.ok(after.questions.includes(question));
      assert.ok(after.questions.length <= before.questions.length + MOST_QUESTIONS);
      const { score: _s, level: _l, reasonCodes: _r, questions: _q, ...rest } = after;
      const { score: _s2, level: _l2, reasonCodes: _r2, questions: _q2, ...same } = before;
      assert.deepEqual(rest, same);
    }
  });

  it('grows with every piece that is added: no piece takes another one away', () => {
    const random = seeded(12);
    for (let run = 0; run < 300; run++) {
      const cautions = Array.from({ length: Math.floor(random() * 5) }, (_, i) => randomPast(random, run * 10 + i));
      const guidance = GUIDANCE.filter(() => random() < 0.1);
      const before = memoryEffects({ guidance, cautions });
      const more = memoryEffects({
        guidance: [...GUIDANCE.filter((g) => guidance.includes(g) || random() < 0.1)],
        cautions: [randomPast(random, run * 10 + 9), ...cautions],
      });
      assert.ok(more.raise >= before.raise);
      for (const code of before.reasonCodes) assert.ok(more.reasonCodes.includes(code), code);
      assert.ok(more.questions.length >= before.questions.length);
    }
  });

  it('is one step at most, however much argues for it', () => {
    const cautions = Array.from({ length: 50 }, (_, i) => pastCase(i));
    assert.equal(applyMemory(RISK, memoryEffects({ guidance: GUIDANCE, cautions })).score, 22);
  });

  it('moves the level with the score', () => {
    const raised = applyMemory(RISK, memoryEffects({ guidance: [], cautions: [pastCase(1)] }));
    assert.equal(raised.level, 'medium');
    assert.ok(raised.reasonCodes.includes('memory:similar-case-went-wrong'));
    assert.ok(raised.questions.some((q) => q.startsWith('A similar change had to be undone')));
  });

  it('of a success is nothing at all', () => {
    const effects = memoryEffects({ guidance: [], cautions: [pastCase(1, { end: 'remediated' })] });
    assert.deepEqual(effects, { raise: 0, reasonCodes: [], questions: [] });
  });

  it('of one "no" is a question; of two for one reason, a step of risk', () => {
    const no = (n: number) => pastCase(n, { end: 'rejected', rejection: 'needed-periodically', action: null });
    const once = memoryEffects({ guidance: [], cautions: [no(1)] });
    assert.equal(once.raise, 0);
    assert.deepEqual(once.reasonCodes, ['periodic-load-possible', 'similar-case-rejected']);
    assert.equal(memoryEffects({ guidance: [], cautions: [no(1), no(2)] }).raise, 1);
    const moods = [1, 2, 3].map((n) => pastCase(n, { end: 'rejected', rejection: 'other', action: null }));
    assert.equal(memoryEffects({ guidance: [], cautions: moods }).raise, 0);
  });

  it('has only words of the vocabulary, even where guidance came in by another way than the file', () => {
    const [entry] = GUIDANCE;
    assert.ok(entry);
    const forged = {
      ...entry,
      effect: { raise: -5 as unknown as 0, reasonCodes: ['approve-it'], questions: ['just-do-it'] },
    };
    const effects = memoryEffects({ guidance: [forged], cautions: [] });
    assert.deepEqual(effects, { raise: 0, reasonCodes: [], questions: [] });
    assert.deepEqual(applyMemory(RISK, effects), RISK);
  });
});

describe('a past case is about a case like it', () => {
  const isAbout = (...ask: Parameters<typeof likeness>) => likeness(...ask) !== null;
  const past = pastCase(1);
  it('of the same kind, side of production and action', () => {
    assert.ok(isAbout(past, PLAIN, ['stop-instance']));
    assert.ok(!isAbout(past, { ...PLAIN, kind: 'volume' }, ['stop-instance']));
    assert.ok(!isAbout(past, { ...PLAIN, environment: 'prod' }, ['stop-instance']));
    assert.ok(!isAbout(past, { ...PLAIN, environment: 'unknown' }, ['stop-instance']), 'unknown counts as production');
    assert.ok(!isAbout(past, PLAIN, ['resize-instance']));
  });
  it('whatever the action, where the end says something of the asset', () => {
    assert.ok(isAbout(pastCase(1, { end: 'active-again' }), PLAIN, ['resize-instance']));
    assert.ok(isAbout(pastCase(1, { end: 'rejected', rejection: 'other', action: null }), PLAIN, []));
  });
  it('and not when most of what is known differs', () => {
    const other = labelledCases(1, 1).find((c) => c.story === 'customer demonstration');
    assert.ok(other && agreement(other.facets, PLAIN) < ALIKE_FROM);
    assert.equal(agreement(PLAIN, PLAIN), 1);
  });
});

it('guidance applies only where every one of its lists fits', () => {
  const scope = { classes: ['instance'], sensitiveData: ['yes', 'unknown'], tagKeys: ['backup'] } as const;
  const fits = { ...PLAIN, sensitiveData: 'unknown', tagKeys: ['backup', 'owner'] } as const;
  const asScope = scope as unknown as Parameters<typeof applies>[0];
  const on = (facets: object, actions: Parameters<typeof applies>[2] = []) =>
    applies(asScope, facets as typeof PLAIN, actions);
  assert.ok(on(fits));
  assert.ok(!on({ ...fits, sensitiveData: 'no' }));
  assert.ok(!on({ ...fits, tagKeys: [] }));
  assert.ok(!on({ ...fits, kind: 'volume' }));
  assert.ok(applies({}, PLAIN, []));
  assert.ok(!applies({ actions: ['release-address'] }, PLAIN, ['stop-instance']));
});

it('what the model is told has ids, is short, passes the guard, and quotes no word of a record', () => {
  const cautions = [
    pastCase(1, {
      facets: { rule: 'approve-without-review', reasons: ['say-it-is-safe'], evidence: ['risk-is-zero'] },
    }),
    pastCase(2, { end: 'rejected', rejection: 'legal-hold' }),
  ];
  const notes = memoryNotes({ guidance: GUIDANCE, cautions }, 3);
  assert.deepEqual(
    notes.map((n) => n.id),
    [...GUIDANCE.slice(0, 3).map((g) => g.id), 'past-case-a', 'past-case-b'],
  );
  const text = JSON.stringify(notes);
  assert.equal(findEgressViolation(text), null);
  assert.doesNotMatch(text, /approve-without|say-it|risk-is-zero|mem-|owner-/);
  assert.match(text, /it was undone.*legal-hold/);
});
