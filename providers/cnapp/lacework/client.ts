import { z } from 'zod';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { byToken } from '../../http/auth.ts';
import { ofShape } from '../../http/body.ts';
import { createHttpClient } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createPacer } from '../../http/pace.ts';
import { createTokenCache } from '../../http/tokens.ts';
import { waitOf } from '../../http/wait.ts';
import { hintsOf, TOKEN_OPERATION, UNSTATED_WAIT_MS, VENDOR } from './errors.ts';
import type { Lacework } from './section.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v2/`, e.g. `Inventory/search`; or an absolute address the vendor gave for the next page. */
  readonly path: string;
  readonly body?: unknown;
  /** What the role of the API key must allow for this call, in words for a person. */
  readonly permission: string;
}

export interface LaceworkClient {
  /** The body of an answer, null for "no data" (204). Throws ProviderError. */
  call(call: Call): Promise<unknown>;
}

export interface LaceworkClientOptions extends HttpDeps {
  readonly config: Lacework;
  readonly secrets: SecretsPort;
}

const HOUR_MS = 3_600_000;
const FIELD = 'cnapp.lacework.apiUrl';
/** Seconds. One token an hour is what the vendor's budget allows for. */
const LIFE = 3600;
const Token = z.object({ token: z.string().min(1), expiresAt: z.string() });

/**
 * HTTP with a token, a bound on requests at once and on requests an hour. The vendor's budget is counted by the hour for each
 * part of its API (`Inventory`, `Alerts`, …). Keeping to it here costs nothing, while running into it locks out everybody who
 * shares the key; an hour is not waited for here.
 */
export function createLaceworkClient(options: LaceworkClientOptions): LaceworkClient {
  const { config, clock = Date.now } = options;
  const { reset, remaining } = config.names.rateHeaders;
  const hints = hintsOf(reset);
  const base = `${config.apiUrl.replace(/\/+$/, '')}/api/v2`;
  const limits = [{ requests: config.requestsPerHour, perMs: HOUR_MS }];
  const pacer = createPacer({
    provider: VENDOR,
    field: 'cnapp.lacework.requestsPerHour',
    limits,
    longestWaitMs: 0,
    clock,
  });
  const refused = new Set<string>();
  /** A second refusal in a row that says nothing means that the hour is used up: it ends an hour after our oldest request in it. */
  const unstated = (part: string): number =>
    refused.has(part) ? Math.max(UNSTATED_WAIT_MS, pacer.oldestFreeMs(part) ?? 0) : UNSTATED_WAIT_MS;
  const http = createHttpClient({
    ...options,
    base,
    field: FIELD,
    timeoutMs: config.timeout,
    maxConcurrent: config.maxConcurrent,
    headers: {
      ...(config.subAccount === null ? {} : { 'account-name': config.subAccount }),
      ...(config.orgAccess === null ? {} : { 'org-access': String(config.orgAccess) }),
    },
    auth: byToken(createTokenCache({ clock, ask: createLogin(options, base) })),
    pace: ({ path }) => [[pacer, partOf(path, base)]],
    hints: {
      ...hints,
      unstatedWait(_, { path }) {
        const part = partOf(path, base);
        const wait = unstated(part);
        refused.add(part);
        return wait;
      },
      seen({ status, headers }, { path }) {
        if (status === 429) return;
        const part = partOf(path, base);
        refused.delete(part);
        if (headers.get(remaining)?.trim() === '0')
          pacer.pause(waitOf(headers, clock(), hints.waitHeaders) ?? UNSTATED_WAIT_MS, part);
      },
    },
  });
  return {
    call: ({ method, path, body, permission }) =>
      http.json({
        operation: operationOf(path, base),
        method,
        path: pathOf(path),
        body,
        needs: permission,
        // A search is a POST that only asks.
        repeatable: method === 'GET' || /(^|\/)(search|execute)$/.test(path),
      }),
  };
}

/** The secret key is exchanged for a token; there is no refresh, so a new one is asked for shortly before the old one ends. */
function createLogin(options: LaceworkClientOptions, base: string) {
  const { config, secrets, clock = Date.now } = options;
  const hints = hintsOf(config.names.rateHeaders.reset);
  const http = createHttpClient({ ...options, hints, base, field: FIELD, timeoutMs: config.timeout });
  return async () => {
    const [keyId, secret] = await Promise.all([secrets.resolve(config.keyId), secrets.resolve(config.secret)]);
    const answer = await http.json({
      operation: TOKEN_OPERATION,
      path: '/access/tokens',
      headers: { 'x-lw-uaks': secret },
      body: { keyId, expiryTime: LIFE },
      repeatable: true,
    });
    const at = { provider: VENDOR, operation: TOKEN_OPERATION, field: FIELD };
    const { token, expiresAt } = ofShape(Token, answer, at);
    // A clock of ours that is ahead must not make every token look expired.
    const stated = Date.parse(expiresAt) - clock();
    return { token, lifeMs: stated > 0 ? stated : LIFE * 1000 };
  };
}

const isAddress = (path: string) => /^[a-z]+:\/\//i.test(path);
const pathOf = (path: string) => (isAddress(path) ? path : `/${path.replace(/^\//, '')}`);

/** Which budget a path counts to: its first word, and the second where the first only groups others. */
function partOf(path: string, base: string): string {
  const [first = '', second = ''] = below(path, base).split(/[/?]/);
  return first === 'Vulnerabilities' || first === 'Entities' ? `${first}/${second}` : first;
}

/** `Alerts/4211/comment` → `Alerts/comment`: ids and page marks do not belong into the name of an operation. */
function operationOf(path: string, base: string): string {
  const words = (below(path, base).split('?')[0] ?? '').split('/');
  return words.filter((word) => /^[A-Za-z]+$/.test(word)).join('/') || 'nextPage';
}

function below(path: string, base: string): string {
  if (!isAddress(path)) return path.replace(/^\//, '');
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : '';
}
