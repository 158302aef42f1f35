import OpenAI from 'openai';
import type { ModelFailure } from '../../ports/model.ts';

/** The answer was longer than anything a model may say; see bounded-fetch.ts. */
export class AnswerTooLarge extends Error {}

/** What an exception of the client means for the caller. Its message is not kept: it can echo the prompt or the key. */
export function failureOf(error: unknown): ModelFailure {
  if (chainHas(error, (e) => e instanceof AnswerTooLarge)) return 'schema-invalid';
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (chainHas(error, (e) => e instanceof Error && (e.name === 'TimeoutError' || e.name === 'AbortError')))
    return 'timeout';
  if (error instanceof OpenAI.AuthenticationError || error instanceof OpenAI.PermissionDeniedError)
    return 'unauthorised';
  if (error instanceof OpenAI.RateLimitError) {
    // One status, two meanings: come back soon, or somebody must pay a bill.
    return error.code === 'insufficient_quota' || error.type === 'insufficient_quota'
      ? 'quota-exhausted'
      : 'rate-limited';
  }
  return 'unavailable';
}

function chainHas(error: unknown, matches: (error: unknown) => boolean): boolean {
  for (let e = error, depth = 0; e && depth < 6; e = (e as { cause?: unknown }).cause, depth++)
    if (matches(e)) return true;
  return false;
}

/** A 4xx costs no tokens; after anything else the server may have worked for us. */
export function wasRefusedUnread(error: unknown): boolean {
  return error instanceof OpenAI.APIError && error.status !== undefined && error.status >= 400 && error.status < 500;
}
