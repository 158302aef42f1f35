import { z } from 'zod';
import { MODEL_QUESTION_CODES, MODEL_REASON_CODES } from '../../domain/risk/model-vocabulary.ts';
import type { ModelAnswer, ModelPrompt } from '../../ports/model.ts';
import { cleanSummary } from './summary.ts';

/** Longer than any honest answer, in characters. */
const MAX_ANSWER = 32_000;

const WireAnswer = z.strictObject({
  riskDelta: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal('veto')]),
  reasonCodes: z.array(z.enum(MODEL_REASON_CODES)).max(MODEL_REASON_CODES.length),
  questions: z.array(z.enum(MODEL_QUESTION_CODES)).max(MODEL_QUESTION_CODES.length),
  evidenceIds: z.array(z.string()).max(100),
  summary: z.string().nullable(),
});

/** The same shape for the wire. Written out, because the subset of JSON Schema that strict mode accepts is small. */
export function answerFormat(prompt: ModelPrompt) {
  const evidence = { type: 'string', ...(prompt.evidenceIds.length > 0 && { enum: [...prompt.evidenceIds] }) };
  const listOf = (items: object) => ({ type: 'array', items });
  const properties = {
    riskDelta: {
      anyOf: [
        { type: 'integer', enum: [0, 1, 2] },
        { type: 'string', enum: ['veto'] },
      ],
    },
    reasonCodes: listOf({ type: 'string', enum: [...MODEL_REASON_CODES] }),
    questions: listOf({ type: 'string', enum: [...MODEL_QUESTION_CODES] }),
    evidenceIds: listOf(evidence),
    summary: { type: ['string', 'null'] },
  };
  const schema = { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
  return { type: 'json_schema' as const, json_schema: { name: 'risk_assessment', strict: true, schema } };
}

export type ParsedAnswer = { readonly answer: ModelAnswer } | { readonly problem: string };

/** Never throws. `problem` names fields and rules, never the model's own text, so that it can be sent back to it. */
export function parseAnswer(text: string, prompt: ModelPrompt): ParsedAnswer {
  if (text.length > MAX_ANSWER) return { problem: 'the answer was too long' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'the answer was not JSON' };
  }
  const parsed = WireAnswer.safeParse(value);
  if (!parsed.success) {
    // A path may hold a key the model invented, so only our own field names are repeated.
    const fields = new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? 'the object')));
    const known = [...fields].filter((field) => field in WireAnswer.shape || field === 'the object');
    return { problem: `these did not follow the schema: ${known.join(', ')}` };
  }
  const known = new Set(prompt.evidenceIds);
  if (!parsed.data.evidenceIds.every((id) => known.has(id)))
    return { problem: 'evidenceIds held an id that is not in the evidence given' };
  return { answer: toAnswer(parsed.data, prompt) };
}

function toAnswer(wire: z.infer<typeof WireAnswer>, prompt: ModelPrompt): ModelAnswer {
  return {
    riskDelta: wire.riskDelta,
    reasonCodes: [...new Set(wire.reasonCodes)],
    questions: [...new Set(wire.questions)],
    evidenceIds: [...new Set(wire.evidenceIds)],
    summary: cleanSummary(wire.summary, `${prompt.system}\n${prompt.user}`),
  };
}
