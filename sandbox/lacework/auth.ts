import type { Context } from 'hono';
import { hexOf, keyOf } from '../estate/random.ts';

export interface TokenEndpoint {
  readonly issue: (c: Context) => Promise<Response>;
  readonly accepts: (authorization: string | undefined) => boolean;
  expireAll(): void;
}

/** `POST /api/v2/access/tokens`: the secret key in a header, the key id in the body. */
export function createTokenEndpoint(options: {
  readonly keyId: string;
  readonly secret: string;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}): TokenEndpoint {
  const live = new Map<string, number>();
  let serial = 0;
  return {
    issue: async (c) => {
      const body = (await c.req.json().catch(() => null)) as { keyId?: unknown; expiryTime?: unknown } | null;
      if (typeof body?.keyId !== 'string') return c.json({ message: 'keyId is required' }, 400);
      if (body.keyId !== options.keyId || c.req.header('x-lw-uaks') !== options.secret)
        return c.json({ message: 'Invalid access key or secret' }, 401);
      const asked = typeof body.expiryTime === 'number' ? body.expiryTime : 3600;
      const expiry = options.clock() + Math.min(asked, options.tokenSeconds) * 1000;
      const token = `_${hexOf(keyOf(++serial, `token/${options.keyId}`), 32)}`;
      live.set(token, expiry);
      return c.json({ token, expiresAt: new Date(expiry).toISOString() }, 201);
    },
    accepts: (authorization) => {
      const expiry = live.get(authorization?.replace(/^Bearer /, '') ?? '');
      return expiry !== undefined && expiry > options.clock();
    },
    expireAll: () => live.clear(),
  };
}
