import OpenAI from 'openai';
import type { OpenAiModel } from './section.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { answerFormat, parseAnswer } from './answer.ts';
import { boundedFetch, type Fetch } from '../http/exchange.ts';
import { type Completion, type CompletionContext, complete } from './completion.ts';
import { findEgressViolation } from './egress-guard.ts';
import { failureOf } from './failures.ts';
import type { ModelExchange, ModelPort, ModelPrompt, ModelResult } from '../../ports/model.ts';
import { createTokenBudget } from './token-budget.ts';

/** A full answer has a few kilobytes; a megabyte is a broken or hostile server. */
const MAX_BYTES = 1_000_000;
/** As much of a bad answer as is worth keeping, in characters. */
const MAX_KEPT = 32_000;
/** Local servers want some key, and must not be given a real one by accident. */
const NO_KEY = 'not-needed';

export interface OpenAiModelOptions {
  readonly config: OpenAiModel;
  readonly secrets: SecretsPort;
  /** @default the global fetch */
  readonly http?: Fetch;
}

/**
 * Any server that speaks OpenAI's chat completions with structured output. The schema is our own and the answer is parsed
 * here, so that the raw text is kept as evidence even when it is worthless.
 * @throws Error when the key cannot be resolved. `assess` never throws for what a model or its server does.
 */
export async function createOpenAiModel({ config, secrets, http = fetch }: OpenAiModelOptions): Promise<ModelPort> {
  const client = new OpenAI({
    apiKey: config.apiKey === undefined ? NO_KEY : await secrets.resolve(config.apiKey),
    // All explicit, or the environment would decide where prompts go and on whose account.
    baseURL: config.baseUrl,
    organization: null,
    project: null,
    // Temporal retries; a client that retries as well would multiply the time-out.
    maxRetries: 0,
    timeout: config.timeout,
    logLevel: 'off',
    fetch: boundedFetch({ fetch: http, timeoutMs: config.timeout, maxBytes: MAX_BYTES }),
  });
  const context = { client, config, budget: createTokenBudget(config.dailyTokenBudget), refused: new Set<string>() };
  return {
    vendor: 'openai',
    assess: (prompt) => assess(context, prompt),
    check: () => check(client, config),
  };
}

/** One question, and one more when the answer does not follow the schema. */
async function assess(context: CompletionContext, prompt: ModelPrompt): Promise<ModelResult> {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'system', content: prompt.system },
    { role: 'user', content: prompt.user },
  ];
  let exchange: ModelExchange | null = null;
  for (let attempt = 1; ; attempt++) {
    const content = { messages, response_format: answerFormat(prompt) };
    const blocked = findEgressViolation(JSON.stringify(content));
    if (blocked !== null) return { ok: false, failure: 'egress-blocked', exchange, blocked };

    const completion = await complete(context, content);
    if (completion.called) exchange = record(context.config.model, completion, exchange);
    if (completion.failure !== null) return { ok: false, failure: completion.failure, exchange };

    const parsed = parseAnswer(completion.text ?? '', prompt);
    if ('answer' in parsed && exchange) return { ok: true, answer: parsed.answer, exchange };
    if (attempt === 2) return { ok: false, failure: 'schema-invalid', exchange };
    // Its own words are not sent back: they could carry what the guard exists to stop.
    const problem = 'problem' in parsed ? parsed.problem : 'it could not be read';
    messages.push({ role: 'user', content: `Your last answer was refused: ${problem}. Answer again by the schema.` });
  }
}

/** The last exchange, with the tokens of those before it. */
function record(model: string, completion: Completion, before: ModelExchange | null): ModelExchange {
  return {
    model,
    requestBody: completion.requestBody,
    rawAnswer: completion.text?.slice(0, MAX_KEPT) ?? null,
    promptTokens: sum(before?.promptTokens, completion.promptTokens),
    completionTokens: sum(before?.completionTokens, completion.completionTokens),
    attempts: (before?.attempts ?? 0) + 1,
  };
}

function sum(before: number | null | undefined, more: number | null): number | null {
  return more === null ? (before ?? null) : (before ?? 0) + more;
}

async function check(client: OpenAI, config: OpenAiModel): Promise<string> {
  try {
    const { data } = await client.models.list();
    const listed = Array.isArray(data) && data.some((model) => model.id === config.model);
    return `${config.baseUrl} answers and ${listed ? 'lists' : 'does not list'} the model ${config.model}`;
  } catch (error) {
    const failure = failureOf(error);
    throw new ProviderError({
      kind: failure === 'unauthorised' ? 'unauthorised' : 'unavailable',
      provider: 'openai',
      operation: 'models',
      message: `${config.baseUrl}: ${failure}; check model.baseUrl and model.apiKey`,
    });
  }
}
