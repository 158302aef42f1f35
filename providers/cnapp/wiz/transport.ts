import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure, failureWith } from './errors.ts';

export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** One HTTP exchange; whatever the network does to it becomes `unavailable`. Redirects would carry the secret elsewhere. */
export async function send(
  transport: Transport,
  request: { readonly operation: string; readonly url: string; readonly init: RequestInit },
): Promise<Response> {
  const { operation, url, init } = request;
  try {
    const signal = AbortSignal.timeout(transport.timeoutMs);
    return await transport.fetch(url, { ...init, redirect: 'error', signal });
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
    const what = timedOut ? `no answer within ${transport.timeoutMs} ms` : 'the connection failed';
    const message = `${what} (${new URL(url).host})`;
    throw failureWith({ operation, kind: Kind.Unavailable, message, cause });
  }
}

/** Body as JSON. A connection cut inside the body is `unavailable`, text that is no JSON is `malformed`. */
export async function readJson(operation: string, response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw failureWith({ operation, kind: Kind.Unavailable, message: 'the connection broke inside the answer', cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const start = text.trimStart().startsWith('<') ? 'an HTML page' : `${text.length} characters that are not JSON`;
    throw failure(operation, Kind.Malformed, `found ${start}; a proxy may be answering, check cnapp.wiz.apiUrl`);
  }
}
