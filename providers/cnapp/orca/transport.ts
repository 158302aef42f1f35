import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure, failureWith } from './errors.ts';

export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
}

/** One HTTP exchange; whatever the network does to it becomes `unavailable`. Redirects would carry the token elsewhere. */
export async function send(
  transport: Transport,
  request: { readonly operation: string; readonly url: string; readonly init: RequestInit },
): Promise<{ response: Response; text: string }> {
  const { operation, url, init } = request;
  try {
    const signal = AbortSignal.timeout(transport.timeoutMs);
    const response = await transport.fetch(url, { ...init, redirect: 'error', signal });
    return { response, text: await response.text() };
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
    const what = timedOut ? `no answer within ${transport.timeoutMs} ms` : 'the connection failed or was cut';
    throw failureWith({
      operation,
      kind: Kind.Unavailable,
      message: `${what} (${new URL(url).host})`,
      cause,
    });
  }
}

/** Body as JSON; text that is no JSON is `malformed`. */
export function parseJson(operation: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const found = text.trimStart().startsWith('<') ? 'an HTML page' : `${text.length} characters that are not JSON`;
    throw failure(operation, Kind.Malformed, `found ${found}; a proxy may be answering, check cnapp.orca.apiUrl`);
  }
}

/** The body of a refusal, where a page of a proxy is as good as nothing. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
