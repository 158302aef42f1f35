/** A token, or credentials of another form, and how long they may be used. */
export interface FreshToken<T = string> {
  readonly token: T;
  /** Milliseconds from when it was asked for. Infinity: it does not end. */
  readonly lifeMs: number;
}

export interface TokenCacheOptions<T> {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Asks for a token. `old` is the one it follows, while that one still lives. Throws ProviderError; failures are not kept. */
  readonly ask: (key: string, old: T | null) => Promise<FreshToken<T>>;
  /** Renewed so long before its end, and at nine tenths of a short life. @default 60000 */
  readonly earlyMs?: number;
}

/** Tokens by key, for whatever tells them apart, such as a scope. */
export interface TokenCache<T = string> {
  /** The current token, asked for once however many callers wait. */
  get(key?: string): Promise<T>;
  /** The current token with the epoch milliseconds of its end. */
  held(key?: string): Promise<{ readonly token: T; readonly endsAt: number }>;
  /** Forgets this token, and only this one: the next `get` asks for a new one. False when it was not held any more. */
  discard(token: T): boolean;
}

interface Held<T> {
  readonly token: T;
  readonly renewAt: number;
  readonly endsAt: number;
}

/** The only cache of tokens: one request for however many callers, renewed before the end, forgotten when refused. */
export function createTokenCache<T = string>({ clock, ask, earlyMs = 60_000 }: TokenCacheOptions<T>): TokenCache<T> {
  const current = new Map<string, Held<T>>();
  const pending = new Map<string, Promise<Held<T>>>();

  const renew = async (key: string): Promise<Held<T>> => {
    const old = current.get(key);
    // Counted from before it was asked for: a slow answer does not make it live longer.
    const askedAt = clock();
    const { token, lifeMs } = await ask(key, old && askedAt < old.endsAt ? old.token : null);
    const endsAt = askedAt + lifeMs;
    const held = { token, endsAt, renewAt: endsAt - (lifeMs === Infinity ? 0 : Math.min(earlyMs, lifeMs / 10)) };
    current.set(key, held);
    return held;
  };
  const held = (key: string): Promise<Held<T>> => {
    const known = current.get(key);
    if (known && clock() < known.renewAt) return Promise.resolve(known);
    const shared = pending.get(key) ?? renew(key).finally(() => pending.delete(key));
    pending.set(key, shared);
    return shared;
  };

  return {
    get: async (key = '') => (await held(key)).token,
    held: (key = '') => held(key),
    discard(token) {
      let found = false;
      for (const [key, known] of current)
        if (known.token === token) {
          current.delete(key);
          found = true;
        }
      return found;
    },
  };
}
