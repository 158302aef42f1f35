import type { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError } from '../../../ports/errors.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface HttpRequest {
  /** What we are doing, for the error message. */
  readonly operation: string;
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One platform over HTTP, and what its statuses mean there. */
export interface HttpVendor {
  readonly provider: string;
  readonly timeoutMs: number;
  /** Answers longer than this are refused. @default 100 MB */
  readonly maxBytes?: number;
  /** What to do about 401 and about 403, as half a sentence with the configuration field or permission. */
  readonly hints: { readonly unauthorised: string; readonly forbidden: string };
  /** Wait after a 429 that does not say how long. Milliseconds. */
  readonly defaultRetryMs: number;
  /** The vendor's own words in an error body, or null. */
  said(body: unknown): string | null;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
const MAX_RETRY_MS = 3_600_000;
const MAX_BYTES = 100_000_000;

/** The address without a slash at its end. A token sent in plain text is a token lost. */
export function safeBase(text: string, vendor: { provider: string; field: string }): string {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname))
    throw new ProviderError({
      kind: Kind.Terminal,
      provider: vendor.provider,
      operation: 'configure',
      message: `${vendor.field} has ${url.protocol}//…; use https, plain http is for loopback only`,
    });
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** One exchange: time limit, size limit, no redirects. Whatever the network does to it is `unavailable`. */
export async function exchange(vendor: HttpVendor, request: HttpRequest): Promise<HttpAnswer> {
  const { operation, url, method = 'GET', headers = {}, body } = request;
  const { provider, timeoutMs, maxBytes = MAX_BYTES } = vendor;
  const fail = (kind: Kind, message: string, cause?: unknown) =>
    new ProviderError({ kind, provider, operation, message, cause });
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const init = { method, headers, redirect: 'manual' as const, signal };
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw fail(Kind.Malformed, `answer is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return { status: response.status, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') };
  } catch (cause) {
    if (cause instanceof ProviderError) throw cause;
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
    const what = timedOut ? `no answer within ${timeoutMs} ms` : 'the connection failed or was cut';
    throw fail(Kind.Unavailable, `${what} (${url.host})`, cause);
  }
}

/** What a status outside 2xx means to the caller. */
export function failureOf(vendor: HttpVendor, operation: string, answer: HttpAnswer): ProviderError {
  const { provider, hints, defaultRetryMs } = vendor;
  const { status } = answer;
  const said = `answered ${status} (${vendorWords(vendor, answer.text)})`;
  const fail = (kind: Kind, message: string) => new ProviderError({ kind, provider, operation, message, status });
  const retryAfter = answer.headers.get('retry-after');
  if (status === 429 || (status === 503 && retryAfter !== null)) {
    const retryAfterMs = retryMs(retryAfter) ?? defaultRetryMs;
    return new ProviderError({ kind: Kind.RetryAfter, provider, operation, message: said, status, retryAfterMs });
  }
  if (status === 401) return fail(Kind.Unauthorised, `${said}; ${hints.unauthorised}`);
  if (status === 403) return fail(Kind.Unauthorised, `${said}; ${hints.forbidden}`);
  if (status === 404) return fail(Kind.NotFound, said);
  if (status >= 500 || status === 408) return fail(Kind.Unavailable, said);
  if (status >= 300 && status < 400)
    return fail(Kind.Terminal, `${said}: redirects are not followed; check the configured address`);
  return fail(Kind.Terminal, said);
}

/** Body as JSON of the promised shape. */
export function parseAnswer<T>(
  vendor: HttpVendor,
  shape: z.ZodType<T>,
  { operation, text }: { operation: string; text: string },
): T {
  const malformed = (message: string) =>
    new ProviderError({ kind: Kind.Malformed, provider: vendor.provider, operation, message });
  const raw = jsonOf(text);
  if (raw === undefined) throw malformed('answer is not JSON; an HTML page usually means a proxy or an outage');
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(`answer field ${issue?.path.join('.') || '(whole)'}: ${issue?.message}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Capped: they may echo text that came from outside. */
function vendorWords(vendor: HttpVendor, text: string): string {
  const said = vendor.said(jsonOf(text)) ?? 'no message';
  return said.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 300);
}

function retryMs(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds * 1000), MAX_RETRY_MS) : null;
}
