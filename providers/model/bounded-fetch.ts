import { AnswerTooLarge } from './failures.ts';

export type Fetch = typeof globalThis.fetch;

export interface Bounds {
  /** For the whole exchange including the body, in milliseconds; the client's own timeout ends with the headers. */
  readonly timeout: number;
  readonly maxBytes: number;
}

/** A fetch that follows no redirect, takes no longer than it may and reads no more than it may. */
export function boundedFetch(inner: Fetch, { timeout, maxBytes }: Bounds): Fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await inner(input, { ...init, signal, redirect: 'error' });
    const body = await readUpTo(response, maxBytes);
    const headers = new Headers(response.headers);
    // The body is decoded by now.
    headers.delete('content-encoding');
    headers.delete('content-length');
    return new Response(body, { status: response.status, statusText: response.statusText, headers });
  };
}

async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!response.body) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AnswerTooLarge(`answer longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
