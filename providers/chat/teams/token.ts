import { z } from 'zod';
import type { Teams } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { errorFromAnswer, teamsError } from './errors.ts';
import { exchange, parseAnswer, safeUrl } from './http.ts';

const Token = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
/** A token is not used in its last minute: the connector's clock may be ahead. */
const MARGIN_MS = 60_000;

export interface BotTokens {
  get(): Promise<string>;
  /** The connector refused this one, so it is not used again. */
  drop(token: string): void;
}

/** The bot's own tokens, by client credentials. One request at a time, however many calls wait for it. */
export function createBotTokens(deps: { config: Teams; secrets: SecretsPort; timeoutMs: number }): BotTokens {
  const { config, secrets } = deps;
  const url = safeUrl(
    config.tokenUrl ?? `https://login.microsoftonline.com/${config.tenantId}/oauth2/v2.0/token`,
    'tokenUrl',
  );
  let held: { token: string; until: number } | null = null;
  let pending: Promise<string> | null = null;

  const request = async (): Promise<string> => {
    const answer = await exchange('token', url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: config.appId,
        client_secret: await secrets.resolve(config.appPassword),
        scope: config.tokenScope,
      }).toString(),
      timeoutMs: deps.timeoutMs,
    });
    if (answer.status === 400 || answer.status === 401)
      throw teamsError('unauthorised', 'token', {
        status: answer.status,
        message: `HTTP ${answer.status}; the bot may not sign in: check chat.teams.appId, appPassword and tenantId`,
      });
    if (answer.status !== 200) throw errorFromAnswer('token', answer);
    const { access_token: token, expires_in: seconds } = parseAnswer('token', answer, Token);
    held = { token, until: Date.now() + seconds * 1000 - MARGIN_MS };
    return token;
  };

  return {
    get: () => {
      if (held && held.until > Date.now()) return Promise.resolve(held.token);
      pending ??= request().finally(() => {
        pending = null;
      });
      return pending;
    },
    drop: (token) => {
      if (held?.token === token) held = null;
    },
  };
}
