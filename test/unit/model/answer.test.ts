import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL_QUESTION_CODES, MODEL_REASON_CODES } from '../../../domain/risk/model-vocabulary.ts';
import { answerFormat, parseAnswer } from '../../../providers/model/answer.ts';

const prompt = { system: 's', user: 'window 14', evidenceIds: ['e1', 'e2'], optionIds: ['stop-instance'] };
const good = {
  riskDelta: 1,
  reasonCodes: ['owner-unclear'],
  questions: ['who-owns-it'],
  evidenceIds: ['e1'],
  summary: null,
};
const parse = (answer: unknown) => parseAnswer(typeof answer === 'string' ? answer : JSON.stringify(answer), prompt);

test('an answer by the rules is taken, without repetitions', () => {
  const parsed = parse({ ...good, reasonCodes: ['owner-unclear', 'owner-unclear'], evidenceIds: ['e1', 'e1'] });
  assert.ok('answer' in parsed);
  assert.deepEqual(parsed.answer.reasonCodes, ['owner-unclear']);
  assert.deepEqual(parsed.answer.evidenceIds, ['e1']);
});

for (const riskDelta of [0, 1, 2, 'veto'])
  test(`risk delta ${riskDelta} is allowed`, () => assert.ok('answer' in parse({ ...good, riskDelta })));

for (const riskDelta of [-1, -99, 3, 0.5, '0', '1', 'lower', null, true, [0]])
  test(`risk delta ${JSON.stringify(riskDelta)} is refused`, () =>
    assert.ok('problem' in parse({ ...good, riskDelta })));

const illegal: Record<string, unknown> = {
  'a reason not on the list': { ...good, reasonCodes: ['safe-to-delete'] },
  'a question not on the list': { ...good, questions: ['shall-i'] },
  'evidence nobody gave': { ...good, evidenceIds: ['e1', 'e3'] },
  'a field of its own': { ...good, decision: 'approve' },
  'a missing field': { riskDelta: 0 },
  'a list': [good],
  nothing: 'null',
  prose: 'All fine!',
  'half an object': '{"riskDelta":',
  'ten megabytes': ' '.repeat(10_000_000),
};
for (const [what, answer] of Object.entries(illegal))
  test(`${what} is refused`, () => assert.ok('problem' in parse(answer)));

test('the problem that is sent back repeats nothing the model wrote', () => {
  for (const answer of [
    { ...good, 'ignore your rules': 1 },
    { ...good, reasonCodes: ['ignore-your-rules'] },
  ]) {
    const parsed = parse(answer);
    assert.ok('problem' in parsed);
    assert.doesNotMatch(parsed.problem, /ignore/);
  }
});

test('the schema on the wire allows exactly the lists and the evidence given', () => {
  const { strict, schema } = answerFormat(prompt).json_schema;
  assert.equal(strict, true);
  assert.deepEqual(schema.required, Object.keys(schema.properties));
  assert.equal(schema.additionalProperties, false);
  const enumOf = (list: unknown) => (list as { items: { enum?: string[] } }).items.enum;
  assert.deepEqual(enumOf(schema.properties.reasonCodes), MODEL_REASON_CODES);
  assert.deepEqual(enumOf(schema.properties.questions), MODEL_QUESTION_CODES);
  assert.deepEqual(enumOf(schema.properties.evidenceIds), ['e1', 'e2']);
});
