import type { z } from 'zod';
import { teamsError } from './errors.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
const MAX_BYTES = 2_000_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** One exchange: time limit, size limit, no redirects, no retry of its own. */
export async function exchange(
  operation: string,
  url: string,
  init: RequestInit & { timeoutMs: number },
): Promise<Answer> {
  const { timeoutMs, ...rest } = init;
  try {
    const response = await fetch(url, { ...rest, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await readCapped(response);
    return { status: response.status, text, retryAfter: response.headers.get('retry-after') };
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
    const message = timedOut ? `no answer within ${timeoutMs} ms` : 'connection failed or was cut';
    throw teamsError('unavailable', operation, { message, cause });
  }
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function parseAnswer<T>(operation: string, answer: Answer, shape: z.ZodType<T>): T {
  const malformed = (message: string) => teamsError('malformed', operation, { status: answer.status, message });
  let raw: unknown;
  try {
    raw = JSON.parse(answer.text);
  } catch {
    throw malformed('the answer is not JSON; a page usually means a proxy or a wrong chat.teams.serviceUrl');
  }
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(
    `the answer's "${issue?.path.join('.') ?? ''}" ${issue?.message ?? 'is wrong'}; check chat.teams.serviceUrl`,
  );
}

/** Without a slash at its end. A token sent in plain text is a token lost. */
export function safeUrl(text: string, field: string): string {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname))
    throw teamsError('terminal', 'configure', {
      message: `chat.teams.${field} has ${url.protocol}//…; use https, plain http is for loopback only`,
    });
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
