export interface TokenSource {
  /** The current token, asked for once however many callers wait. */
  get(): Promise<string>;
  /** Forgets this token (and only this one): the next `get` asks for a new one. */
  discard(token: string): void;
}

/**
 * Keeps one token. In the last tenth of its life it is extended, where the vendor can do that; an extension that does not
 * come, and a token that is past its life, lead to a new login.
 */
export function createTokenSource(options: {
  readonly lifetimeMs: number;
  readonly clock: () => number;
  readonly login: () => Promise<string>;
  /** Null: the vendor no longer knows the token. */
  readonly extend?: (token: string) => Promise<string | null>;
}): TokenSource {
  const { lifetimeMs, clock, login, extend } = options;
  let current: { readonly token: string; readonly since: number } | undefined;
  let pending: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    const old = current;
    const extendable = extend && old && clock() < old.since + lifetimeMs;
    const since = clock();
    const token = (extendable ? await extend(old.token) : null) ?? (await login());
    current = { token, since };
    return token;
  };

  return {
    get: async () => {
      if (current && clock() < current.since + lifetimeMs * 0.9) return current.token;
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    discard: (token) => {
      if (current?.token === token) current = undefined;
    },
  };
}
