import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure, failureWith } from './errors.ts';

export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One HTTP exchange; whatever the network does to it becomes `unavailable`. Redirects would carry the token elsewhere. */
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
    throw failureWith({ operation, kind: Kind.Unavailable, message: `${what} (${new URL(url).host})`, cause });
  }
}

/** Body as JSON, null when there is none. Cut inside the body: `unavailable`; text that is no JSON: `malformed`. */
export async function readJson(operation: string, response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw failureWith({ operation, kind: Kind.Unavailable, message: 'the connection broke inside the answer', cause });
  }
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const start = text.trimStart().startsWith('<') ? 'an HTML page' : `${text.length} characters that are not JSON`;
    throw failure(operation, Kind.Malformed, `found ${start}; a proxy may be answering, check cnapp.prisma.apiUrl`);
  }
}
