import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError } from '../../ports/errors.ts';
import type { Fetch, HttpAnswer } from '../http/exchange.ts';
import { failureOf, jsonOf, networkFailure } from '../http/failure.ts';
import type { FreshToken } from '../http/tokens.ts';
import { HINTS, OPERATION, VENDOR } from './errors.ts';
import { createAzureHttpClient } from './http-client.ts';

export interface EntraRequest {
  /** Checked: https, or plain http on loopback. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

const MAX_BYTES = 1_000_000;
const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

/**
 * One token by client secret, through `@azure/identity`. A new credential each time: its memory would hand out the token that
 * was just refused. Whatever goes wrong is read from the answer itself, because the client's errors leave out headers.
 * @throws ProviderError
 */
export async function requestEntraToken(
  { authority, tenantId, clientId, clientSecret, scope }: EntraRequest,
  world: { readonly timeoutMs: number; readonly clock: () => number; readonly fetch: Fetch | undefined },
): Promise<FreshToken> {
  // Loaded when a token is needed: whoever has no Azure does not pay for it.
  const { ClientSecretCredential } = await import('@azure/identity');
  const seen: { answer: HttpAnswer | null; problem: unknown } = { answer: null, problem: null };
  const plain = authority.startsWith('http:');
  const { host } = new URL(authority);
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    // The client takes no address but https. A simulator on loopback has no TLS: its requests go there all the same.
    authorityHost: authority.replace(/^http:/, 'https:'),
    // And it is in no list of Microsoft's clouds.
    disableInstanceDiscovery: plain,
    retryOptions: { maxRetries: 0 },
    httpClient: createAzureHttpClient({
      ...world,
      maxBytes: MAX_BYTES,
      readdress: (url) => (plain && url.host === host ? new URL(url.href.replace(/^https:/, 'http:')) : url),
      seen: (answer) => {
        seen.answer = answer;
      },
      failed: (error) => {
        seen.problem = error;
      },
    }),
  });
  const at = { provider: VENDOR, operation: OPERATION };
  try {
    await credential.getToken(scope);
  } catch (error) {
    const { answer, problem } = seen;
    if (problem !== null) throw networkFailure(problem, { ...at, host });
    if (answer === null)
      throw new ProviderError({
        ...at,
        kind: Kind.Terminal,
        message: `no request was made: ${nameOf(error)}; check tenantId`,
      });
    if (answer.status !== 200) throw failureOf(HINTS, answer, { operation: OPERATION, now: world.clock() });
  }
  const token = Token.safeParse(jsonOf(seen.answer?.text ?? ''));
  if (token.success) return { token: token.data.access_token, lifeMs: token.data.expires_in * 1000 };
  const message = 'the answer has no access_token and expires_in; check authorityUrl';
  throw new ProviderError({ ...at, kind: Kind.Malformed, message });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'an error';
}
