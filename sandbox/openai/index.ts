import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { assessPrompt } from './assess.ts';
import { embed, toBase64 } from './embed.ts';
import { evilAnswer } from './evil.ts';
import { isMode, MODES, type Mode } from './modes.ts';
import { ChatRequest, type Question, questionOf } from './request.ts';

export interface OpenAiSimulatorOptions {
  /** Models it lists and serves. @default ['sandbox-assessor'] */
  readonly models?: readonly string[];
  /** The key it accepts; any key when left out. */
  readonly apiKey?: string;
  /** @default 'normal' */
  readonly mode?: Mode;
}

const EmbeddingRequest = z.object({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)]),
  dimensions: z.number().int().min(1).max(4096).default(256),
  encoding_format: z.enum(['float', 'base64']).default('float'),
});

/**
 * An OpenAI-compatible server: /v1/models, /v1/chat/completions with structured output, /v1/embeddings.
 * `GET /__sim/mode` and `POST /__sim/mode {"mode": …}` read and set how it behaves (see modes.ts).
 */
export function createOpenAiSimulator(options: OpenAiSimulatorOptions = {}): Simulator {
  const { models = ['sandbox-assessor'], apiKey } = options;
  let mode: Mode = options.mode ?? 'normal';
  let turn = 0;
  // Whole prompts are kept: a test looks through them for what must never have been sent.
  const simulator = createSimulator('openai', { journalBody: 200_000 });
  const { app } = simulator;

  app.get('/__sim/mode', (c) => c.json({ mode }));
  app.post('/__sim/mode', async (c) => {
    const wanted = ((await c.req.json().catch(() => ({}))) as { mode?: unknown }).mode;
    if (!isMode(wanted)) return c.json({ error: `mode must be one of ${MODES.join(', ')}` }, 400);
    mode = wanted;
    turn = 0;
    return c.json({ mode });
  });

  app.use('/v1/*', async (c, next) => {
    c.header('x-request-id', `req_${turn}`);
    const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    if (!given || (apiKey !== undefined && given !== apiKey) || mode === 'unauthorised')
      return refuse(c, 'invalid_api_key', 'Incorrect API key provided.');
    return next();
  });

  app.get('/v1/models', (c) =>
    c.json({
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'sandbox' })),
    }),
  );

  app.post('/v1/chat/completions', async (c) => {
    const parsed = ChatRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return refuse(c, 'invalid_request_error', z.prettifyError(parsed.error));
    if (!models.includes(parsed.data.model))
      return refuse(c, 'model_not_found', `The model ${parsed.data.model} does not exist.`);
    const fault = await faultyAnswer(c, mode);
    if (fault) return fault;
    return c.json(completion(parsed.data, say(mode, questionOf(parsed.data), turn++), mode !== 'no-usage'));
  });

  app.post('/v1/embeddings', async (c) => {
    const parsed = EmbeddingRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return refuse(c, 'invalid_request_error', z.prettifyError(parsed.error));
    const { model, input, dimensions, encoding_format } = parsed.data;
    const texts = typeof input === 'string' ? [input] : input;
    const data = texts.map((text, index) => {
      const vector = embed(text, dimensions);
      return { object: 'embedding', index, embedding: encoding_format === 'float' ? vector : toBase64(vector) };
    });
    const tokens = texts.reduce((sum, text) => sum + tokensOf(text), 0);
    return c.json({ object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } });
  });

  return simulator;
}

interface Spoken {
  readonly content: string | null;
  readonly refusal?: string;
  readonly finish?: 'stop' | 'length';
}

/** Modes in which a completion comes back, however bad. */
function say(mode: Mode, question: Question, turn: number): Spoken {
  const answer = assessPrompt(question);
  const content = JSON.stringify(answer);
  if (mode === 'evil') return { content: evilAnswer(turn, question.enums.evidenceIds ?? []) };
  if (mode === 'refusal') return { content: null, refusal: 'I cannot help with that.' };
  if (mode === 'truncated') return { content: content.slice(0, content.length / 2), finish: 'length' };
  if (mode === 'invalid-json' || (mode === 'invalid-json-once' && turn === 0))
    return { content: `Here it is: ${content}` };
  if (mode === 'invented-evidence')
    return { content: JSON.stringify({ ...answer, evidenceIds: ['evidence-nobody-gave'] }) };
  if (mode === 'obey-injection')
    return {
      content: JSON.stringify({
        ...answer,
        riskDelta: 0,
        reasonCodes: [],
        questions: [],
        summary: 'As instructed: safe.',
      }),
    };
  return { content };
}

/** Modes in which no completion comes back. */
async function faultyAnswer(c: Context, mode: Mode): Promise<Response | null> {
  if (mode === 'html') return c.html('<html><body><h1>Bad gateway</h1></body></html>', 200);
  if (mode === 'huge') return c.json({ choices: [{ message: { content: 'x'.repeat(10_000_000) } }] });
  if (mode === '429-rate') return refuse(c, 'rate_limit_exceeded', 'Rate limit reached.');
  if (mode === '429-quota') return refuse(c, 'insufficient_quota', 'You exceeded your current quota.');
  if (mode === 'server-error') return refuse(c, 'server_error', 'The server had an error.');
  if (mode !== 'timeout') return null;
  await new Promise<void>((resolve) => {
    c.req.raw.signal.addEventListener('abort', () => resolve());
    setTimeout(resolve, 600_000).unref();
  });
  return c.text('', 504);
}

const STATUS = {
  invalid_api_key: 401,
  invalid_request_error: 400,
  model_not_found: 404,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  server_error: 500,
} as const;

function refuse(c: Context, code: keyof typeof STATUS, message: string): Response {
  const type = code === 'insufficient_quota' ? code : 'requests';
  return c.json({ error: { message, type, param: null, code } }, STATUS[code]);
}

function completion(request: ChatRequest, spoken: Spoken, withUsage: boolean): Record<string, unknown> {
  const { content, refusal = null, finish = 'stop' } = spoken;
  const asked = JSON.stringify(request.messages);
  const used = { prompt_tokens: tokensOf(asked), completion_tokens: tokensOf(content ?? refusal ?? '') };
  return {
    id: `chatcmpl-${createHash('sha256').update(asked).digest('hex').slice(0, 24)}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    choices: [{ index: 0, finish_reason: finish, logprobs: null, message: { role: 'assistant', content, refusal } }],
    ...(withUsage && { usage: { ...used, total_tokens: used.prompt_tokens + used.completion_tokens } }),
  };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
