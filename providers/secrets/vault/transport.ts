import { readFile } from 'node:fs/promises';
import { ProviderError } from '../../../ports/errors.ts';
import { readBody } from '../../http/body.ts';
import { fetchTrusting } from '../../http/ca-fetch.ts';
import { createHttpClient, type HttpRequest } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import type { Fetch } from '../../http/exchange.ts';
import { jsonOf } from '../../http/failure.ts';
import { HINTS, vaultError } from './errors.ts';

export interface VaultRequest extends Pick<HttpRequest, 'operation' | 'expect'> {
  readonly method: 'GET' | 'POST';
  /** After `/v1/`. */
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
  /** False where asking twice would leave something behind, such as a second lease. @default true */
  readonly retry?: boolean;
}

export interface VaultAnswer {
  readonly status: number;
  /** Parsed JSON; null without a body. */
  readonly body: unknown;
}

export type VaultSend = (request: VaultRequest) => Promise<VaultAnswer>;

export interface VaultTransportOptions extends HttpDeps {
  readonly address: string;
  readonly namespace?: string | undefined;
  readonly caFile?: string | undefined;
  readonly timeoutMs: number;
}

const RETRY = {
  attempts: 3,
  firstPauseMs: 150,
  longestWaitMs: 2_000,
  // Sealed (503) is not among them: it ends when somebody unseals.
  statuses: [412, 500, 502, 504],
};
const BODY_LIMIT = 1_000_000;
const field = 'secrets.vault.address';

/** Vault over HTTP with namespace, own certificate authority, and a few retries of what passes by itself. */
export function createVaultTransport(options: VaultTransportOptions): VaultSend {
  const { address, namespace, caFile } = options;
  const http = createHttpClient({
    ...options,
    hints: HINTS,
    base: address,
    field,
    maxBytes: BODY_LIMIT,
    retry: RETRY,
    headers: { 'x-vault-request': 'true', ...(namespace ? { 'x-vault-namespace': namespace } : {}) },
    fetch: caFile !== undefined && address.startsWith('https:') ? trusting(caFile) : options.fetch,
  });
  return async ({ path, token, retry = true, ...request }) => {
    const { operation } = request;
    const answer = await http
      .send({
        ...request,
        path: `/v1/${path}`,
        repeatable: retry,
        headers: token === undefined ? {} : { 'x-vault-token': token },
      })
      .catch((error: unknown) => {
        throw withHint(error);
      });
    // The refusals that callers answer for need not be JSON.
    if (answer.status >= 300) return { status: answer.status, body: jsonOf(answer.text) ?? null };
    return { status: answer.status, body: readBody(answer, { provider: HINTS.provider, operation, field }) };
  };
}

/** The file is read at the first request, and again after it could not be read. */
function trusting(caFile: string): Fetch {
  let fetch: Promise<Fetch> | undefined;
  return async (input, init) => {
    fetch ??= readFile(caFile).then(fetchTrusting, (error: NodeJS.ErrnoException) => {
      fetch = undefined;
      throw vaultError('connect', 'terminal', `secrets.vault.caFile cannot be read (${error.code}); correct the path`);
    });
    return (await fetch)(input, init);
  };
}

/** What the network did is mended at the address or the certificate. */
function withHint(error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.kind !== 'unavailable' || error.status !== undefined) return error;
  const { operation, message } = error;
  const said = message.slice(message.indexOf(': ') + 2);
  return vaultError(operation, error.kind, `${said}; check ${field} and caFile`);
}
