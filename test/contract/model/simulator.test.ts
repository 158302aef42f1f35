import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import OpenAI from 'openai';
import { answerFormat } from '../../../providers/model/answer.ts';
import { createOpenAiSimulator } from '../../../sandbox/openai/index.ts';

const SPEC = new URL('../../../../shared/specs/openai_trim_chat_responses_embeddings_models.json', import.meta.url);
const notRun = existsSync(SPEC) ? false : "not run: the vendor's API description is not on this machine";
const simulator = createOpenAiSimulator();
let client: OpenAI;
let url = '';

before(async () => {
  url = await simulator.start();
  client = new OpenAI({ apiKey: 'any', baseURL: `${url}/v1`, maxRetries: 0, logLevel: 'off' });
});
after(() => simulator.stop());

test("what our client sends and the simulator answers follows the vendor's description", { skip: notRun }, async () => {
  const prompt = { system: 's', user: 'u', evidenceIds: ['e1'], optionIds: [] };
  const body = {
    model: 'sandbox-assessor',
    messages: [{ role: 'user' as const, content: 'environment: prod' }],
    response_format: answerFormat(prompt),
    max_completion_tokens: 800,
    store: false,
  };
  const answer = await client.chat.completions.create(body);
  const embeddings = { model: 'sandbox-assessor', input: ['a', 'b'], encoding_format: 'float' as const };
  const vectors = await client.embeddings.create(embeddings);
  const models = await client.models.list();

  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(JSON.parse(readFileSync(SPEC, 'utf8'), withoutNullable) as object, 'openai');
  const problems = (schema: string, value: unknown) => {
    const validate = ajv.compile({ $ref: `openai#/components/schemas/${schema}` });
    return validate(JSON.parse(JSON.stringify(value))) ? [] : validate.errors;
  };
  assert.deepEqual(problems('CreateChatCompletionRequest', body), []);
  assert.deepEqual(problems('CreateEmbeddingRequest', embeddings), []);
  assert.deepEqual(problems('CreateChatCompletionResponse', answer), []);
  assert.deepEqual(problems('CreateEmbeddingResponse', vectors), []);
  assert.deepEqual(problems('ListModelsResponse', { object: 'list', data: models.data }), []);
  assert.notDeepEqual(problems('CreateChatCompletionRequest', { ...body, messages: 'none' }), [], 'the check can fail');
  assert.notDeepEqual(problems('CreateChatCompletionResponse', { ...answer, choices: 1 }), [], 'the check can fail');
});

/** The description says 3.1 but keeps 3.0's `nullable` here and there, which JSON Schema does not know. */
function withoutNullable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable, ...schema } = value;
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

test('embeddings are the same each time, of length one, close for shared words, and equal in both encodings', async () => {
  const ask = async (input: string[], encoding_format?: 'float' | 'base64') =>
    (await client.embeddings.create({ model: 'm', input, ...(encoding_format && { encoding_format }) })).data.map(
      (row) => row.embedding,
    );
  const [a = [], b = [], c = []] = await ask(['idle web server', 'idle web machine', 'quarterly ledger'], 'float');
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  assert.ok(Math.abs(dot(a, a) - 1) < 1e-6);
  assert.ok(dot(a, b) > dot(a, c));
  const [decoded = []] = await ask(['idle web server']);
  assert.ok(dot(a, decoded) > 0.9999);
});

test('requests the vendor would refuse are refused', async () => {
  const post = (path: string, body: unknown, headers = { authorization: 'Bearer k' }) =>
    fetch(`${url}/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal((await post('/chat/completions', {})).status, 400);
  assert.equal(
    (await post('/chat/completions', { model: 'other', messages: [{ role: 'user', content: 'x' }] })).status,
    404,
  );
  assert.equal((await post('/chat/completions', {}, {} as never)).status, 401);
  const loose = {
    type: 'json_schema',
    json_schema: { name: 'a', strict: true, schema: { type: 'object', properties: {} } },
  };
  const asked = { model: 'sandbox-assessor', messages: [{ role: 'user', content: 'x' }], response_format: loose };
  assert.equal((await post('/chat/completions', asked)).status, 400, 'strict mode wants additionalProperties: false');
});

test('an unknown mode is refused and the list of modes is told', async () => {
  const answer = await fetch(`${url}/__sim/mode`, { method: 'POST', body: '{"mode":"kind"}' });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /obey-injection/);
});
