import { setTimeout as sleep } from 'node:timers/promises';
import { isProviderError } from '../../ports/errors.ts';

const PAUSES_MS = [1_000, 4_000];
const LONGEST_MS = 15_000;

/**
 * Asks again when a source only says "not now", waiting at least as long as it asked for. For one of many reads in an
 * activity whose others should not be repeated; everything else is left to the activity's own retry.
 */
export async function withRetry<T>(read: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await read();
    } catch (error) {
      if (!isProviderError(error, 'retry-after') && !isProviderError(error, 'unavailable')) throw error;
      await sleep(Math.min(Math.max(pause, error.retryAfterMs ?? 0), LONGEST_MS));
    }
  }
  return read();
}
