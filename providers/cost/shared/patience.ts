import { isProviderError, ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { type Pacer, WaitTooLong } from './pacer.ts';

/** Waits for a turn at every pacer. @throws ProviderError `retry-after` when that would take too long */
export async function takeTurn(
  pacers: readonly Pacer[],
  request: {
    readonly provider: string;
    readonly operation: string /** Where the limits are configured. */;
    readonly field: string;
  },
): Promise<void> {
  const { provider, operation, field } = request;
  try {
    for (const pacer of pacers) await pacer.take();
  } catch (error) {
    if (!(error instanceof WaitTooLong)) throw error;
    throw new ProviderError({
      kind: ProviderErrorKind.RetryAfter,
      provider,
      operation,
      message: `${error.message} for its turn within ${field}; sweep fewer accounts at a time`,
      retryAfterMs: error.waitMs,
    });
  }
}

/** A 429 in spite of our own pace means that somebody else uses the same limit as well. */
const ATTEMPTS = 3;

/**
 * Repeats a read that was refused with 429, each time after twice the wait, with all pacers of that limit standing still.
 * Gives up when the wait would be longer than `longestWaitMs`. Only for requests that may be repeated.
 */
export async function withRetry<T>(
  once: () => Promise<T>,
  options: { readonly pacers: readonly Pacer[]; readonly longestWaitMs: number },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      const waitMs = isProviderError(error, 'retry-after') && error.status === 429 && error.retryAfterMs;
      if (typeof waitMs !== 'number') throw error;
      const longer = waitMs * 2 ** (attempt - 1);
      for (const pacer of options.pacers) pacer.pause(longer);
      if (attempt === ATTEMPTS || longer > options.longestWaitMs) throw error;
    }
  }
}
