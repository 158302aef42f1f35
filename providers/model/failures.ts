import OpenAI from 'openai';
import type { ModelFailure } from '../../ports/model.ts';
import { AnswerTooLarge } from '../http/exchange.ts';
import { inChain } from '../http/failure.ts';

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

const chainHas = (error: unknown, matches: (error: unknown) => boolean): boolean =>
  inChain(error, (e): e is unknown => matches(e)) !== undefined;

/** A 4xx costs no tokens; after anything else the server may have worked for us. */
export function wasRefusedUnread(error: unknown): boolean {
  return error instanceof OpenAI.APIError && error.status !== undefined && error.status >= 400 && error.status < 500;
}
