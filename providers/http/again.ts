import { setTimeout as delay } from 'node:timers/promises';
import { isProviderError, type ProviderError, ProviderErrorKind } from '../../ports/errors.ts';

export interface AskAgain {
  /** Whether this answer may be another one a moment later. */
  readonly passing: (error: ProviderError) => boolean;
  /** Milliseconds before the second, the third, … time of asking. @default half a second, two seconds */
  readonly pausesMs?: readonly number[];
  /** @default a timer */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}

/**
 * What was set up a moment ago is not there yet on every server of a cloud: a role, a project, a token's tenant. So an answer
 * that would be a verdict about the configuration is asked for again, a few times, before it is one.
 */
export const PAUSES_MS: readonly number[] = [500, 2_000];

/** Asks, and asks again while the answer may be a passing one. The last answer stands. */
export async function askAgain<T>(ask: () => Promise<T>, how: AskAgain): Promise<T> {
  const { passing, pausesMs = PAUSES_MS, sleep = (ms: number) => delay(ms) } = how;
  for (const pause of pausesMs) {
    try {
      return await ask();
    } catch (error) {
      if (!isProviderError(error) || !passing(error)) throw error;
      await sleep(pause);
    }
  }
  return ask();
}

/** Words of a refusal that speak of a moment and not of a setting. */
const OF_THE_MOMENT =
  /try again|retry|tempor|timed? ?-?out|in progress|not yet|propagat|concurrent|provisioning|conflict/i;

/**
 * The usual rule: nothing there, a conflict, and a 400 that gives no reason or one of the moment may be another answer a moment
 * later. `said`: the vendor's own words.
 */
export function mayPass(error: ProviderError, said: string): boolean {
  if (error.kind === ProviderErrorKind.NotFound || error.status === 409) return true;
  return error.status === 400 && (said === '' || OF_THE_MOMENT.test(said));
}
