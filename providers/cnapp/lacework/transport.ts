import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure, failureWith } from './errors.ts';

export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
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

/** Body as JSON, null when there is none: 204 and an empty 200 mean "no data". */
export async function readJson(operation: string, response: Response): Promise<unknown> {
  const text = await textOf(operation, response);
  if (response.status === 204 || text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const start = text.trimStart().startsWith('<') ? 'an HTML page' : `${text.length} characters that are not JSON`;
    throw failure(operation, Kind.Malformed, `found ${start}; a proxy may be answering, check cnapp.lacework.apiUrl`);
  }
}

const Said = z.object({
  message: z.string().optional().catch(undefined),
  data: z
    .object({
      message: z.string().optional().catch(undefined),
      statusMessage: z.string().optional().catch(undefined),
      ErrorMsg: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

/** What the body of a refusal says, whichever of the vendor's forms it has; empty when it says nothing we can read. */
export async function messageOf(operation: string, response: Response): Promise<string> {
  const text = await textOf(operation, response);
  try {
    const said = Said.parse(JSON.parse(text));
    const { message, statusMessage, ErrorMsg } = said.data ?? {};
    return (said.message ?? message ?? statusMessage ?? ErrorMsg ?? '').slice(0, 200);
  } catch {
    return '';
  }
}

async function textOf(operation: string, response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw failureWith({ operation, kind: Kind.Unavailable, message: 'the connection broke inside the answer', cause });
  }
}
