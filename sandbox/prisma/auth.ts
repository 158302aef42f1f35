import type { Context, MiddlewareHandler } from 'hono';
import { hexOf, keyOf } from '../estate/random.ts';
import { bodyOf, refuse } from './answers.ts';

export interface TokenEndpoint {
  readonly login: (c: Context) => Promise<Response>;
  readonly extend: (c: Context) => Response;
  readonly authenticate: (c: Context) => Promise<Response>;
  readonly guardCspm: MiddlewareHandler;
  readonly guardCompute: MiddlewareHandler;
  expireAll(): void;
}

/** Tokens of both APIs. They die after `tokenSeconds`; the Compute token says of itself that it lives an hour. */
export function createTokenEndpoint(options: {
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly tokenSeconds: number;
  readonly clock: () => number;
}): TokenEndpoint {
  const { clock, tokenSeconds } = options;
  const live = new Map<string, number>();
  let serial = 0;

  const issue = (statedSeconds: number): string => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(clock() / 1000) + statedSeconds;
    const token = `${part({ alg: 'none' })}.${part({ exp, jti: ++serial })}.${hexOf(keyOf(serial, 'signature'), 32)}`;
    live.set(token, clock() + tokenSeconds * 1000);
    return token;
  };
  const accepts = (token: string | undefined): boolean => (live.get(token ?? '') ?? 0) > clock();
  const knows = async (c: Context): Promise<boolean> => {
    const { username, password } = await bodyOf(c);
    return username === options.accessKeyId && password === options.secretKey;
  };
  const session = () => ({
    token: issue(tokenSeconds),
    message: 'login_successful',
    customerNames: [{ customerName: 'Acme', prismaId: '1', tosAccepted: true }],
  });

  return {
    login: async (c) => ((await knows(c)) ? c.json(session()) : refuse(c, 401, 'invalid_credentials')),
    extend: (c) => (accepts(c.req.header('x-redlock-auth')) ? c.json(session()) : refuse(c, 401, 'token_expired')),
    authenticate: async (c) =>
      (await knows(c)) ? c.json({ token: issue(3600) }) : c.json({ err: 'invalid credentials' }, 401),
    guardCspm: async (c, next) => (accepts(c.req.header('x-redlock-auth')) ? next() : refuse(c, 401, 'token_expired')),
    guardCompute: async (c, next) =>
      accepts(c.req.header('authorization')?.replace(/^Bearer /, '')) ? next() : c.json({ err: 'unauthorized' }, 401),
    expireAll: () => live.clear(),
  };
}
