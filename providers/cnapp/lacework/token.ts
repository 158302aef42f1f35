import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { failure, failureWith, httpFailure, waitFrom } from './errors.ts';
import { UNSTATED_WAIT_MS } from './rate.ts';
import type { Lacework } from './section.ts';
import { messageOf, readJson, send, type Transport } from './transport.ts';

const OPERATION = 'access/tokens';
/** Seconds. One token an hour is what the vendor's budget allows for. */
const LIFE = 3600;
const Token = z.object({ token: z.string().min(1), expiresAt: z.string() });

export interface TokenSource {
  /** The current token, asked for once however many callers wait. */
  get(): Promise<string>;
  /** Forgets this token (and only this one): the next `get` asks for a new one. */
  discard(token: string): void;
}

/** The secret key is exchanged for a token; there is no refresh, so a new one is asked for shortly before the old one ends. */
export function createTokenSource(config: Lacework, secrets: SecretsPort, transport: Transport): TokenSource {
  let current: { token: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  const request = async (): Promise<string> => {
    const [keyId, secret] = await Promise.all([secrets.resolve(config.keyId), secrets.resolve(config.secret)]);
    const response = await send(transport, {
      operation: OPERATION,
      url: `${config.apiUrl.replace(/\/+$/, '')}/api/v2/access/tokens`,
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'x-lw-uaks': secret },
        body: JSON.stringify({ keyId, expiryTime: LIFE }),
      },
    });
    if (!response.ok) throw await refused(response, config, transport.clock());
    const parsed = Token.safeParse(await readJson(OPERATION, response));
    if (!parsed.success)
      throw failure(OPERATION, Kind.Malformed, 'the answer needs token and expiresAt; check cnapp.lacework.apiUrl');
    const now = transport.clock();
    // A clock of ours that is ahead must not make every token look expired.
    const stated = Date.parse(parsed.data.expiresAt) - now;
    const life = stated > 0 ? stated : LIFE * 1000;
    current = { token: parsed.data.token, renewAt: now + life - Math.min(60_000, life / 10) };
    return current.token;
  };

  return {
    get: async () => {
      if (current && transport.clock() < current.renewAt) return current.token;
      pending ??= request().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    discard: (token) => {
      if (current?.token === token) current = undefined;
    },
  };
}

async function refused(response: Response, config: Lacework, now: number): Promise<Error> {
  const { status } = response;
  const message = await messageOf(OPERATION, response);
  if (status === 400 || status === 401 || status === 403)
    return failureWith({
      operation: OPERATION,
      kind: Kind.Unauthorised,
      status,
      message: `HTTP ${status}: no token was given; check cnapp.lacework.keyId, secret and apiUrl`,
    });
  const retryAfterMs = waitFrom(response.headers, config.names.rateHeaders.reset, now) ?? UNSTATED_WAIT_MS;
  return httpFailure({ operation: OPERATION, permission: 'ask for tokens', status, message, retryAfterMs });
}
