import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createOpenAiModel, type OpenAiModelOptions } from '../../../providers/model/openai.ts';
import type { ModelPort, ModelPrompt } from '../../../ports/model.ts';
import { createOpenAiSimulator } from '../../../sandbox/openai/index.ts';
import type { Mode } from '../../../sandbox/openai/modes.ts';

const KEY = 'sk-test-very-secret-key';
const simulator = createOpenAiSimulator({ apiKey: KEY });
const secrets = { resolve: async () => KEY };
const prompt: ModelPrompt = {
  system: 'Assess the risk of acting on an idle asset.',
  user: 'asset-1: environment: prod; owner: unknown; cost band: 200-1k; window 14 days',
  evidenceIds: ['e1', 'e2'],
  optionIds: ['stop-instance'],
};
let url = '';

before(async () => {
  url = await simulator.start();
});
after(() => simulator.stop());
beforeEach(() => simulator.journal.clear());

type Settings = Partial<OpenAiModelOptions['config']>;

function config(settings: Settings = {}): OpenAiModelOptions['config'] {
  return {
    baseUrl: `${url}/v1`,
    apiKey: 'env:KEY',
    model: 'sandbox-assessor',
    timeout: 2_000,
    maxOutputTokens: 800,
    reasoningEffort: 'low',
    dailyTokenBudget: 1_000_000,
    ...settings,
  };
}

function model(settings: Settings = {}): Promise<ModelPort> {
  return createOpenAiModel({ config: config(settings), secrets });
}

async function assessIn(mode: Mode, settings: Settings = {}) {
  const set = await fetch(`${url}/__sim/mode`, { method: 'POST', body: JSON.stringify({ mode }) });
  assert.equal(set.status, 200);
  return (await model(settings)).assess(prompt);
}

test('a sensible answer comes back parsed, with the exchange as evidence', async () => {
  const result = await assessIn('normal');
  assert.ok(result.ok);
  assert.equal(result.answer.riskDelta, 1);
  assert.deepEqual(result.answer.reasonCodes, ['production-workload', 'owner-unclear']);
  assert.equal(result.exchange.attempts, 1);
  assert.ok((result.exchange.promptTokens ?? 0) > 0 && (result.exchange.completionTokens ?? 0) > 0);
  assert.equal(JSON.parse(result.exchange.requestBody).model, 'sandbox-assessor');
  assert.deepEqual(JSON.parse(result.exchange.rawAnswer ?? '').reasonCodes, result.answer.reasonCodes);
});

test('the same prompt gets the same answer', async () => {
  const [a, b] = [await assessIn('normal'), await assessIn('normal')];
  assert.ok(a.ok && b.ok);
  assert.deepEqual(a.answer, b.answer);
});

const failures: Partial<Record<Mode, string>> = {
  refusal: 'refused',
  truncated: 'truncated',
  'invalid-json': 'schema-invalid',
  'invented-evidence': 'schema-invalid',
  html: 'unavailable',
  huge: 'schema-invalid',
  '429-rate': 'rate-limited',
  '429-quota': 'quota-exhausted',
  unauthorised: 'unauthorised',
  'server-error': 'unavailable',
};
for (const [mode, failure] of Object.entries(failures))
  test(`a model in mode ${mode} is a typed failure, not an exception: ${failure}`, async () => {
    const result = await assessIn(mode as Mode);
    assert.ok(!result.ok);
    assert.equal(result.failure, failure);
    assert.doesNotMatch(JSON.stringify(result), /very-secret/);
  });

test('an answer by no schema is asked for once more, and once only', async () => {
  const result = await assessIn('invalid-json');
  assert.equal(result.exchange?.attempts, 2);
  assert.equal(simulator.journal.entries().length, 2);
});

test('a second answer that follows the schema is taken, and the tokens of both are counted', async () => {
  const once = await assessIn('normal');
  const result = await assessIn('invalid-json-once');
  assert.ok(result.ok);
  assert.equal(result.exchange.attempts, 2);
  assert.ok((result.exchange.promptTokens ?? 0) > (once.exchange?.promptTokens ?? 0) * 1.9);
});

test('a truncated answer is kept as evidence', async () => {
  const result = await assessIn('truncated');
  assert.match(result.exchange?.rawAnswer ?? '', /^\{"riskDelta"/);
});

test('a rate limit is not retried here: Temporal does that', async () => {
  await assessIn('429-rate');
  assert.equal(simulator.journal.entries().length, 1);
});

test('a silent server is a time-out after the configured time', async () => {
  const start = Date.now();
  const result = await assessIn('timeout', { timeout: 200 });
  assert.ok(!result.ok);
  assert.equal(result.failure, 'timeout');
  assert.ok(Date.now() - start < 1_500, `took ${Date.now() - start} ms`);
});

test('a server that sends headers and then nothing is a time-out too', async () => {
  const http = async (_url: unknown, init?: RequestInit) => {
    const body = new ReadableStream({
      start: (controller) =>
        init?.signal?.addEventListener('abort', () => controller.error(new DOMException('aborted', 'TimeoutError'))),
    });
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  };
  const result = await (
    await createOpenAiModel({ config: config({ timeout: 200 }), secrets, http: http as typeof fetch })
  ).assess(prompt);
  assert.ok(!result.ok);
  assert.equal(result.failure, 'timeout');
});

test('a server that does not know a parameter is asked once more without it, under the name it knows, and from then on', async () => {
  const sent: Record<string, unknown>[] = [];
  const http = async (_url: unknown, init?: RequestInit) => {
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
    sent.push(body);
    const unknown = ['max_completion_tokens', 'reasoning_effort'].find((name) => name in body);
    if (unknown === undefined)
      return fetch(`${url}/v1/chat/completions`, { ...init, body: JSON.stringify({ ...body }) });
    // As OpenAI's specification writes a refused parameter.
    const error = {
      message: `Unsupported parameter: '${unknown}'`,
      type: 'invalid_request_error',
      param: unknown,
      code: 'unsupported_parameter',
    };
    return Response.json({ error }, { status: 400 });
  };
  const set = await fetch(`${url}/__sim/mode`, { method: 'POST', body: JSON.stringify({ mode: 'normal' }) });
  assert.equal(set.status, 200);
  const asked = await createOpenAiModel({ config: config(), secrets, http: http as typeof fetch });
  assert.ok((await asked.assess(prompt)).ok);
  assert.deepEqual(
    sent.map((body) => [body['max_completion_tokens'], body['max_tokens'], body['reasoning_effort']]),
    [
      [800, undefined, 'low'],
      [undefined, 800, 'low'],
      [undefined, 800, undefined],
    ],
  );
  assert.ok((await asked.assess(prompt)).ok);
  assert.equal(sent.length, 4, 'what was learnt is kept');
});

test('nobody at home is unavailable', async () => {
  const result = await (await model({ baseUrl: 'http://127.0.0.1:1/v1' })).assess(prompt);
  assert.ok(!result.ok);
  assert.equal(result.failure, 'unavailable');
});

test('missing usage is unknown, not zero', async () => {
  const result = await assessIn('no-usage');
  assert.ok(result.ok);
  assert.equal(result.exchange.promptTokens, null);
  assert.equal(result.exchange.completionTokens, null);
});

test('a spent daily budget stops the call before it is made', async () => {
  const result = await assessIn('normal', { dailyTokenBudget: 900 });
  assert.ok(!result.ok);
  assert.equal(result.failure, 'quota-exhausted');
  assert.equal(result.exchange, null);
  assert.equal(simulator.journal.entries().length, 0);
});

test('an identifier in the prompt stops the call before it is made, and is not repeated', async () => {
  const result = await (await model()).assess({ ...prompt, user: 'asset i-0abc1234def567890' });
  assert.ok(!result.ok);
  assert.equal(result.failure, 'egress-blocked');
  assert.equal(result.blocked, 'resource-id');
  assert.doesNotMatch(JSON.stringify(result), /i-0abc/);
  assert.equal(simulator.journal.entries().length, 0);
});

test('an identifier among the evidence ids is stopped as well', async () => {
  const result = await (await model()).assess({ ...prompt, evidenceIds: ['arn:aws:ec2:x'] });
  assert.ok(!result.ok && result.failure === 'egress-blocked');
});

test('an evil model never gets past the vocabulary, whatever it says', async () => {
  await assessIn('evil');
  const port = await model();
  for (let turn = 0; turn < 30; turn++) {
    const result = await port.assess(prompt);
    if (!result.ok) continue;
    assert.ok([0, 1, 2, 'veto'].includes(result.answer.riskDelta));
    assert.ok(result.answer.evidenceIds.every((id) => prompt.evidenceIds.includes(id)));
    assert.ok((result.answer.summary ?? '').length <= 600);
    assert.doesNotMatch(result.answer.summary ?? '', /https?:|@|<|\u202e|99/);
    assert.deepEqual(Object.keys(result.answer).sort(), [
      'evidenceIds',
      'questions',
      'reasonCodes',
      'riskDelta',
      'summary',
    ]);
  }
});

test('a model that obeys an injected instruction can at worst say "no further risk"', async () => {
  const result = await assessIn('obey-injection');
  assert.ok(result.ok);
  assert.equal(result.answer.riskDelta, 0);
});

test('a redirect to another host is not followed with the key', async () => {
  let followed = 0;
  const other = createOpenAiSimulator();
  const otherUrl = await other.start();
  other.app.all('/elsewhere', (c) => {
    followed += 1;
    return c.json({});
  });
  const redirecting = createOpenAiSimulator();
  redirecting.app.post('/v2/chat/completions', (c) => c.redirect(`${otherUrl}/elsewhere`, 307));
  const result = await (await model({ baseUrl: `${await redirecting.start()}/v2` })).assess(prompt);
  await Promise.all([other.stop(), redirecting.stop()]);
  assert.ok(!result.ok);
  assert.equal(followed, 0);
});

test('the environment does not decide where prompts go', async () => {
  process.env.OPENAI_BASE_URL = 'http://127.0.0.1:1/v1';
  process.env.OPENAI_ORG_ID = 'org-of-somebody';
  try {
    assert.ok((await assessIn('normal')).ok);
  } finally {
    delete process.env.OPENAI_BASE_URL;
    delete process.env.OPENAI_ORG_ID;
  }
});

test('check says what answers, and names the setting to mend when nothing does', async () => {
  await assessIn('normal');
  assert.match(await (await model()).check(), /lists the model sandbox-assessor/);
  await assert.rejects((await model({ baseUrl: 'http://127.0.0.1:1/v1' })).check(), /model\.baseUrl/);
});
