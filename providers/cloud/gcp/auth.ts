import { setTimeout as delay } from 'node:timers/promises';
import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { clientOfTokens } from '../../google-auth/index.ts';
import { boundedFetch } from '../../http/exchange.ts';
import { PAUSES_MS } from '../../http/again.ts';
import { googleErrorCode, mapGoogleError } from './errors.ts';

export interface Impersonation {
  /** Whoever may make tokens for the service account, and nothing else. */
  readonly source: OAuth2Client;
  readonly iamCredentialsUrl: string;
  readonly serviceAccount: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
}

export interface ShortToken {
  readonly token: string;
  readonly expiresAt: Date;
}

const Answer = z.object({ accessToken: z.string().min(1), expireTime: z.iso.datetime({ offset: true }) });
const OPERATION = 'generateAccessToken';
const MAX_BYTES = 100_000_000;

/** A token of a service account for a short time. Google cannot take it back, so it is short and forgotten. Throws ProviderError. */
export async function impersonate(how: Impersonation): Promise<ShortToken> {
  const account = encodeURIComponent(how.serviceAccount);
  let data: unknown;
  try {
    const response = await how.source.request<unknown>({
      url: `${how.iamCredentialsUrl}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
      method: 'POST',
      data: { scope: how.scopes, lifetime: `${how.lifetimeSeconds}s` },
    });
    data = response.data;
  } catch (error) {
    throw mapGoogleError(error, OPERATION);
  }
  const parsed = Answer.safeParse(data);
  if (parsed.success) return { token: parsed.data.accessToken, expiresAt: new Date(parsed.data.expireTime) };
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'gcp',
    operation: OPERATION,
    message: 'the answer has no accessToken and expireTime; check gcp.iamCredentialsUrl',
  });
}

/** A client whose tokens are made for a service account whenever one is needed. */
export function impersonatedClient(how: Impersonation, clock: () => number = Date.now): OAuth2Client {
  return clientOfTokens(async () => {
    const { token, expiresAt } = await impersonate(how);
    return { token, lifeMs: expiresAt.getTime() - clock() };
  }, clock);
}

/** A client with one token and no way to another. */
export function clientOfToken({ token, expiresAt }: ShortToken): OAuth2Client {
  const client = new OAuth2Client({ eagerRefreshThresholdMillis: 0 });
  client.setCredentials({ access_token: token, expiry_date: expiresAt.getTime() });
  return client;
}

/** Every request of `client` gets these headers, ends after `timeoutMs`, is sent once, and follows no redirect with its token. */
export function withPolicy(
  client: OAuth2Client,
  policy: { readonly timeoutMs: number; readonly headers: Readonly<Record<string, string>> },
): OAuth2Client {
  const send = client.request.bind(client);
  const fetchImplementation = boundedFetch({ timeoutMs: policy.timeoutMs, maxBytes: MAX_BYTES });
  client.request = <T>(options: Parameters<typeof send>[0]) => {
    const headers = new Headers(options.headers);
    for (const [name, value] of Object.entries(policy.headers)) headers.set(name, value);
    const once = () => send<T>({ ...options, headers, fetchImplementation, retry: false, redirect: 'manual' });
    return (options.method ?? 'GET') === 'GET' ? whilePassing(once) : once();
  };
  return client;
}

/**
 * What a read is asked again for: a conflict with a change under way, a project that is not known everywhere yet, a refusal
 * without a reason. A resource that is not there is an answer.
 */
async function whilePassing<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await delay(pause);
    }
  }
  return ask();
}

function isPassing(error: unknown): boolean {
  const { status, message } = mapGoogleError(error, 'read');
  const code = googleErrorCode(error);
  const unexplained = code === `http${status}`;
  if (status === 404) return unexplained || /\bproject\b.*not found/i.test(message);
  return status === 409 || (status === 400 && unexplained);
}
