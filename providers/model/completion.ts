import OpenAI from 'openai';
import { z } from 'zod';
import type { OpenAiModel } from './section.ts';
import { failureOf, wasRefusedUnread } from './failures.ts';
import type { ModelFailure } from '../../ports/model.ts';
import { estimateTokens, type TokenBudget } from './token-budget.ts';

export interface CompletionContext {
  readonly client: OpenAI;
  readonly config: OpenAiModel;
  readonly budget: TokenBudget;
  /** Parameters this server has refused by name. */
  readonly refused: Set<string>;
}

export type CompletionContent = Pick<OpenAI.ChatCompletionCreateParamsNonStreaming, 'messages' | 'response_format'>;

/** What one call brought. `text` may be there although `failure` is: a truncated answer is evidence too. */
export interface Completion {
  /** False when the day's budget did not allow the call. */
  readonly called: boolean;
  readonly requestBody: string;
  readonly text: string | null;
  readonly failure: ModelFailure | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

const Count = z.number().int().nonnegative().nullish().catch(null);

/** Only what is read; local servers leave out much of the rest, and some of them usage. */
const WireCompletion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: Count, completion_tokens: Count }).nullish().catch(null),
});

/** One call of chat completions, within the day's token budget. Never throws. */
export async function complete(context: CompletionContext, content: CompletionContent): Promise<Completion> {
  const { client, config, budget } = context;
  const request = { model: config.model, ...content, ...parametersOf(context), store: false };
  const requestBody = JSON.stringify(request);
  const nothing = { called: true, requestBody, text: null, failure: null, promptTokens: null, completionTokens: null };
  const reserved = estimateTokens(requestBody) + config.maxOutputTokens;
  if (!budget.reserve(reserved)) return { ...nothing, called: false, failure: 'quota-exhausted' };
  try {
    const parsed = WireCompletion.safeParse(await client.chat.completions.create(request));
    // A page of HTML or another API altogether: no model has spoken.
    if (!parsed.success) return { ...nothing, failure: 'unavailable' };
    const { usage, choices } = parsed.data;
    const promptTokens = usage?.prompt_tokens ?? null;
    const completionTokens = usage?.completion_tokens ?? null;
    budget.settle(reserved, promptTokens === null ? null : promptTokens + (completionTokens ?? config.maxOutputTokens));
    const message = choices[0]?.message;
    const failure = failureIn(choices[0]?.finish_reason, message?.refusal);
    return { ...nothing, text: message?.content ?? null, failure, promptTokens, completionTokens };
  } catch (error) {
    if (wasRefusedUnread(error)) budget.settle(reserved, 0);
    if (leaveOut(context, error)) return complete(context, content);
    return { ...nothing, failure: failureOf(error) };
  }
}

/**
 * Servers and models differ in what they know: older ones call the limit `max_tokens`, models that do not reason refuse
 * `reasoning_effort`. The refusal names the parameter (`error.param` in OpenAI's specification).
 */
function parametersOf({ config, refused }: CompletionContext) {
  const limit = refused.has('max_completion_tokens') ? 'max_tokens' : 'max_completion_tokens';
  const effort = refused.has('reasoning_effort') ? null : config.reasoningEffort;
  return { [limit]: config.maxOutputTokens, ...(effort === null ? {} : { reasoning_effort: effort }) };
}

/** True once for each parameter that a server may do without. */
function leaveOut({ refused }: CompletionContext, error: unknown): boolean {
  if (!(error instanceof OpenAI.BadRequestError)) return false;
  const name = ['max_completion_tokens', 'reasoning_effort'].find((param) => error.param === param);
  if (name === undefined || refused.has(name)) return false;
  refused.add(name);
  return true;
}

function failureIn(finishReason: string | null | undefined, refusal: string | null | undefined): ModelFailure | null {
  if (refusal || finishReason === 'content_filter') return 'refused';
  return finishReason === 'length' ? 'truncated' : null;
}
