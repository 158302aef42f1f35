import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { mapGoogleError } from './errors.ts';

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
export function impersonatedClient(how: Impersonation): OAuth2Client {
  const client = new OAuth2Client({ forceRefreshOnFailure: true, eagerRefreshThresholdMillis: 60_000 });
  let pending: Promise<ShortToken> | undefined;
  client.refreshHandler = async () => {
    pending ??= impersonate(how).finally(() => {
      pending = undefined;
    });
    const { token, expiresAt } = await pending;
    return { access_token: token, expiry_date: expiresAt.getTime() };
  };
  return client;
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
  client.request = (options) => {
    const headers = new Headers(options.headers);
    for (const [name, value] of Object.entries(policy.headers)) headers.set(name, value);
    return send({ ...options, headers, timeout: policy.timeoutMs, retry: false, redirect: 'manual' });
  };
  return client;
}
