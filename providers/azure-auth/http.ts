import { ProviderError, ProviderErrorKind } from '../../ports/errors.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface HttpRequest {
  /** For error messages: what is being done. */
  readonly operation: string;
  readonly url: URL;
  readonly init: RequestInit;
}

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

export interface ExchangeOptions {
  /** Vendor name in error messages. */
  readonly provider: string;
  /** Per request, in milliseconds. */
  readonly timeoutMs: number;
  /** Answers longer than this are refused. @default 50 MB */
  readonly maxBytes?: number;
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
const MAX_BYTES = 50_000_000;

/**
 * One HTTP exchange at a time, read to its end. Redirects are not followed: they would carry the token elsewhere.
 * @throws ProviderError unavailable (network, time-out), malformed (too long)
 */
export function createExchange(options: ExchangeOptions): Exchange {
  const { provider, timeoutMs, maxBytes = MAX_BYTES, fetch = globalThis.fetch } = options;
  return async ({ operation, url, init }) => {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      return { status: response.status, headers: response.headers, text: await readCapped(response, maxBytes) };
    } catch (cause) {
      if (cause instanceof TooLong)
        throw new ProviderError({
          kind: ProviderErrorKind.Malformed,
          provider,
          operation,
          message: `the answer is longer than ${maxBytes} bytes; check that ${url.host} is the API itself`,
        });
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      const what = timedOut ? `no answer within ${timeoutMs} ms` : 'the connection failed or was cut';
      throw new ProviderError({
        kind: ProviderErrorKind.Unavailable,
        provider,
        operation,
        message: `${what} (${url.host})`,
        cause,
      });
    }
  };
}

/**
 * A base URL without a slash at its end. A secret sent in plain text is a secret lost.
 * @throws ProviderError terminal, naming `field`
 */
export function safeBase(text: string, { provider, field }: { provider: string; field: string }): string {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname)))
    throw new ProviderError({
      kind: ProviderErrorKind.Terminal,
      provider,
      operation: 'configure',
      message: `${field} is ${url.protocol}//…; use https, plain http is for loopback only`,
    });
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Seconds, or an HTTP date, as milliseconds from now; null when the header is absent or says neither. */
export function waitOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

class TooLong extends Error {}

async function readCapped(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
