import pLimit from 'p-limit';
import { z } from 'zod';
import type { Config } from '../../../config/schema.ts';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { errorFromAnswer, jiraError } from './errors.ts';

export type JiraConfig = NonNullable<Config['tickets']['jira']>;

export interface JiraRequest<T> {
  /** What we are doing, for the error message. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path on the site, with every part of it already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Shape of the answer's body; null where none is promised. */
  readonly answer: z.ZodType<T> | null;
}

/** One Jira site over HTTP. Throws ProviderError for everything outside 2xx and for answers of another shape. */
export interface JiraClient {
  /** What people open: `https://acme.atlassian.net`, without a slash at the end. */
  readonly siteUrl: string;
  send<T>(request: JiraRequest<T>): Promise<T>;
}

export interface JiraClientOptions {
  readonly config: JiraConfig;
  readonly secrets: SecretsPort;
  /** Requests in flight at once: Jira counts points per account. @default 4 */
  readonly maxConcurrent?: number;
  /** Answers longer than this are refused. @default 10 MB */
  readonly maxBytes?: number;
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Small client for the dozen calls we use: time limit, size limit, no redirects, no retry of its own. */
export function createJiraClient(options: JiraClientOptions): JiraClient {
  const { config, secrets, maxConcurrent = 4, maxBytes = 10_000_000 } = options;
  const base = safeBase(config.apiUrl ?? config.siteUrl);
  const limit = pLimit(maxConcurrent);

  const authorization = async (): Promise<string> => {
    const token = await secrets.resolve(config.apiToken);
    if (!config.email) return `Bearer ${token}`;
    return `Basic ${Buffer.from(`${await secrets.resolve(config.email)}:${token}`).toString('base64')}`;
  };

  const exchange = async (operation: string, url: URL, init: RequestInit) => {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(config.timeout) });
      return { status: response.status, headers: response.headers, text: await readCapped(response, maxBytes) };
    } catch (cause) {
      if (cause instanceof TooLarge)
        throw jiraError(ProviderErrorKind.Malformed, operation, { message: `answer is larger than ${maxBytes} bytes` });
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      throw jiraError(ProviderErrorKind.Unavailable, operation, {
        message: timedOut ? `no answer within ${config.timeout} ms` : 'connection failed or was cut',
        cause,
      });
    }
  };

  const send = async <T>(request: JiraRequest<T>): Promise<T> => {
    const { operation, method, body } = request;
    const url = new URL(base + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const answer = await exchange(operation, url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: await authorization(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status < 200 || answer.status > 299) throw errorFromAnswer(operation, answer);
    if (request.answer !== null) return parse(request.answer, { ...answer, operation });
    // A login page with status 200 would otherwise pass for a write that happened.
    if (answer.text.trim() !== '') parse(z.unknown(), { ...answer, operation });
    return undefined as T;
  };

  return { siteUrl: safeBase(config.siteUrl), send: (request) => limit(() => send(request)) };
}

/** A token sent in plain text is a token lost. */
function safeBase(text: string): string {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname))
    throw jiraError(ProviderErrorKind.Terminal, 'configure', {
      message: `tickets.jira has ${url.protocol}//…; use https, plain http is for loopback only`,
    });
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

class TooLarge extends Error {}

async function readCapped(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse<T>(shape: z.ZodType<T>, answer: { operation: string; status: number; text: string }): T {
  const { operation, status } = answer;
  const malformed = (message: string) => jiraError(ProviderErrorKind.Malformed, operation, { status, message });
  let raw: unknown;
  try {
    raw = JSON.parse(answer.text);
  } catch {
    throw malformed('answer is not JSON; an HTML page usually means a login proxy or an outage');
  }
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(`answer field ${issue?.path.join('.') || '(whole)'}: ${issue?.message}`);
}
