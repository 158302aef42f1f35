import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { vaultError, vaultStatusError } from './errors.ts';

export interface VaultRequest {
  /** For error messages: what is being done, with the reference and never a value. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** After `/v1/`. */
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
  /** False where asking twice would leave something behind, such as a second lease. @default true */
  readonly retry?: boolean;
  /** Statuses the caller answers for itself. */
  readonly expect?: readonly number[];
}

export interface VaultAnswer {
  readonly status: number;
  /** Parsed JSON; null without a body. */
  readonly body: unknown;
}

export type VaultSend = (request: VaultRequest) => Promise<VaultAnswer>;

export interface VaultTransportOptions {
  readonly address: string;
  readonly namespace?: string | undefined;
  readonly caFile?: string | undefined;
  readonly timeoutMs: number;
}

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2000;
const BODY_LIMIT = 1_000_000;
/** Sealed (503) is not among them: it ends when somebody unseals. */
const PASSING = new Set([412, 429, 500, 502, 504]);

/** Vault over HTTP with namespace, own certificate authority, a limit of time, and a few retries of what passes by itself. */
export function createVaultTransport(options: VaultTransportOptions): VaultSend {
  const base = new URL(options.address);
  let agent: Promise<Agent> | undefined;
  const tlsAgent = () => {
    const { caFile } = options;
    if (base.protocol !== 'https:' || caFile === undefined) return undefined;
    agent ??= readFile(caFile).then((ca) => new Agent({ ca }));
    return agent.catch((error: NodeJS.ErrnoException) => {
      agent = undefined;
      throw vaultError('connect', 'terminal', `secrets.vault.caFile cannot be read (${error.code}); correct the path`);
    });
  };
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const { status, text, retryAfter } = await exchange(base, request, { ...options, agent: await tlsAgent() });
      if ((status >= 200 && status < 300) || request.expect?.includes(status))
        return { status, body: parse(request.operation, status, text) };
      const asked = retryAfter === undefined ? FIRST_PAUSE_MS * 2 ** (attempt - 1) : retryAfter * 1000;
      if (!PASSING.has(status) || request.retry === false || attempt === ATTEMPTS || asked > LONGEST_PAUSE_MS)
        throw vaultStatusError(request.operation, status, retryAfter);
      await delay(asked);
    }
  };
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: number | undefined;
}

function exchange(
  base: URL,
  request: VaultRequest,
  { namespace, timeoutMs, agent }: VaultTransportOptions & { readonly agent?: Agent | undefined },
): Promise<RawAnswer> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = {
    'x-vault-request': 'true',
    accept: 'application/json',
    ...(request.token ? { 'x-vault-token': request.token } : {}),
    ...(namespace ? { 'x-vault-namespace': namespace } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/v1/${request.path}`, base);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise<RawAnswer>((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: NodeJS.ErrnoException) =>
      reject(
        vaultError(
          request.operation,
          'unavailable',
          signal.aborted
            ? `no answer within ${timeoutMs} ms; check secrets.vault.address`
            : `no connection (${error.code ?? error.name}); check secrets.vault.address and caFile`,
        ),
      );
    const outgoing = send(url, { method: request.method, headers, signal, ...(agent ? { agent } : {}) }, (incoming) => {
      readText(incoming).then((text) => {
        const seconds = Number(incoming.headers['retry-after']);
        const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
        resolve({ status: incoming.statusCode ?? 0, text, retryAfter });
      }, fail);
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_LIMIT) throw new Error('answer too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(operation: string, status: number, text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be a secret.
    if (status >= 300) return null;
    throw vaultError(operation, 'malformed', 'the answer is not JSON; check that secrets.vault.address is a Vault');
  }
}
