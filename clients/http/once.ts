import type { CacheStore } from '../../ports/store.ts';

/** Longer than any delivery takes; a process that dies with one leaves it to the sender's next attempt after this. */
const LEASE_MS = 60_000;

/**
 * Handles a delivery once. It counts as seen when it was handled and not when it came in: a failure leaves it repeatable, of
 * two copies at once one is handled, and `running` tells the sender of the other to come again.
 */
export async function once<T>(
  delivery: {
    readonly cache: Pick<CacheStore, 'claim'>;
    readonly key: string;
    readonly keepMs: number;
    readonly clock: () => number;
    /** Whether what came of it is the end of it. @default always */
    readonly seen?: (value: T) => boolean;
  },
  handle: () => Promise<T>,
): Promise<{ readonly state: 'handled'; readonly value: T } | { readonly state: 'running' | 'done' }> {
  const { cache, key, keepMs, clock, seen = () => true } = delivery;
  const at = (ms: number) => new Date(clock() + ms).toISOString();
  const claim = await cache.claim(key, at(LEASE_MS));
  if (claim.state !== 'taken') return claim;
  try {
    const value = await handle();
    await (seen(value) ? claim.done(at(keepMs)) : claim.release());
    return { state: 'handled', value };
  } catch (error) {
    // When this fails as well, the lease runs out.
    await claim.release().catch(() => undefined);
    throw error;
  }
}
