import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { failure, failureWith, httpFailure } from './errors.ts';
import type { Wiz } from './section.ts';
import { readJson, send, type Transport } from './transport.ts';

const OPERATION = 'oauth/token';
const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export interface TokenSource {
  /** The current token, asked for once however many callers wait. */
  get(): Promise<string>;
  /** Forgets this token (and only this one): the next `get` asks for a new one. */
  discard(token: string): void;
}

/** OAuth client credentials. There is no refresh: a new token is asked for shortly before the old one ends. */
export function createTokenSource(config: Wiz, secrets: SecretsPort, transport: Transport): TokenSource {
  let current: { token: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  const request = async (): Promise<string> => {
    const [clientId, clientSecret] = await Promise.all([
      secrets.resolve(config.clientId),
      secrets.resolve(config.clientSecret),
    ]);
    const response = await send(transport, {
      operation: OPERATION,
      url: config.tokenUrl,
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          audience: config.audience,
          client_id: clientId,
          client_secret: clientSecret,
        }).toString(),
      },
    });
    if (response.status === 400)
      throw failureWith({
        operation: OPERATION,
        kind: Kind.Unauthorised,
        status: 400,
        message: 'HTTP 400: the token request was refused; check cnapp.wiz.audience and cnapp.wiz.tokenUrl',
      });
    if (!response.ok) throw httpFailure(OPERATION, response);
    const parsed = Token.safeParse(await readJson(OPERATION, response));
    if (!parsed.success)
      throw failure(
        OPERATION,
        Kind.Malformed,
        'the answer needs access_token (text) and expires_in (seconds); check cnapp.wiz.tokenUrl',
      );
    const life = parsed.data.expires_in * 1000;
    current = {
      token: parsed.data.access_token,
      renewAt: transport.clock() + life - Math.min(60_000, life / 10),
    };
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
