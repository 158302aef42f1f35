import type { z } from 'zod';
import type { Jira } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { safeBase } from '../../http/address.ts';
import { basic, bySecret } from '../../http/auth.ts';
import { ofShape } from '../../http/body.ts';
import { createHttpClient, type HttpRequest } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { HINTS } from './errors.ts';

export type JiraConfig = Jira;

export interface JiraRequest<T> extends Pick<HttpRequest, 'operation' | 'body'> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path on the site, with every part of it already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Shape of the answer's body; null where none is promised. */
  readonly answer: z.ZodType<T> | null;
}

/** One Jira site over HTTP. Throws ProviderError for everything outside 2xx and for answers of another shape. */
export interface JiraClient {
  /** What people open: `https://acme.atlassian.net`, without a slash at the end. */
  readonly siteUrl: string;
  send<T>(request: JiraRequest<T>): Promise<T>;
}

export interface JiraClientOptions extends HttpDeps {
  readonly config: JiraConfig;
  readonly secrets: SecretsPort;
  /** Requests in flight at once: Jira counts points per account. @default 4 */
  readonly maxConcurrent?: number;
  /** Answers longer than this are refused. @default 10 MB */
  readonly maxBytes?: number;
}

const { provider } = HINTS;
const FIELD = 'tickets.jira.siteUrl';
/** Searches that come as POST. */
const ASKS = /\/rest\/api\/3\/(search|jql)\b/;

/** Small client for the dozen calls we use. It waits for nothing: the workflow engine does. */
export function createJiraClient(options: JiraClientOptions): JiraClient {
  const { config, secrets, maxConcurrent = 4, maxBytes = 10_000_000 } = options;
  const field = config.apiUrl === null ? FIELD : 'tickets.jira.apiUrl';
  const authorization = async (): Promise<string> => {
    const token = await secrets.resolve(config.apiToken);
    return config.email ? basic(await secrets.resolve(config.email), token) : `Bearer ${token}`;
  };
  const http = createHttpClient({
    ...options,
    hints: HINTS,
    base: config.apiUrl ?? config.siteUrl,
    field,
    timeoutMs: config.timeout,
    maxBytes,
    maxConcurrent,
    auth: bySecret(authorization, (value) => ({ authorization: value })),
  });
  return {
    siteUrl: safeBase(config.siteUrl, { provider, field: FIELD }),
    async send({ answer, ...request }) {
      const repeatable = request.method === 'GET' || ASKS.test(request.path) ? { repeatable: true } : {};
      // Read also where nothing is promised: a login page with status 200 would otherwise pass for a write that happened.
      const body = await http.json({ ...request, ...repeatable });
      return answer === null
        ? (undefined as never)
        : ofShape(answer, body, { provider, field, operation: request.operation });
    },
  };
}
