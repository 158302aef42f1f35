import type { ServiceNow } from './section.ts';
import { ProviderErrorKind } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { safeBase, within } from '../http/address.ts';
import { readBody } from '../http/body.ts';
import { createHttpClient } from '../http/client.ts';
import type { HttpDeps } from '../http/deps.ts';
import { createAuthoriser } from './auth.ts';
import { HINTS, serviceNowError } from './errors.ts';

export interface ServiceNowRequest {
  /** What we are doing, for the error message. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Path on the instance; may already carry an encoded query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ServiceNowAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null for an empty body. */
  readonly body: unknown;
}

/** One ServiceNow instance over HTTP. Throws ProviderError for everything outside 2xx. */
export interface ServiceNowClient {
  readonly instanceUrl: string;
  send(request: ServiceNowRequest): Promise<ServiceNowAnswer>;
}

export interface ServiceNowClientOptions extends HttpDeps {
  readonly config: ServiceNow;
  readonly secrets: SecretsPort;
  /** Requests in flight at once: instances queue on a handful of semaphores. @default 4 */
  readonly maxConcurrent?: number;
  /** Answers longer than this are refused. @default 20 MB */
  readonly maxBytes?: number;
}

const { provider } = HINTS;
const field = 'servicenow.instanceUrl';

/** Small client for every ServiceNow call. It waits for nothing: the workflow engine does. */
export function createServiceNowClient(options: ServiceNowClientOptions): ServiceNowClient {
  const { config, secrets, clock = Date.now, maxConcurrent = 4, maxBytes = 20_000_000 } = options;
  const base = new URL(safeBase(config.instanceUrl, { provider, field })).origin;
  const common = { ...options, hints: HINTS, base, field, timeoutMs: config.timeout, maxBytes };
  const auth = createAuthoriser({ config, secrets, clock, http: createHttpClient(common) });
  const http = createHttpClient({ ...common, maxConcurrent, auth });
  return {
    instanceUrl: base,
    async send(request) {
      const { operation } = request;
      const path = URL.canParse(request.path) ? request.path : `/${request.path.replace(/^\/(?!\/)/, '')}`;
      if (new URL(request.path, base).origin !== base)
        throw serviceNowError(ProviderErrorKind.Terminal, operation, { message: 'path leaves the instance' });
      const answer = await http.send({ ...request, path: within(base, path, { provider, operation }).href });
      return {
        status: answer.status,
        headers: answer.headers,
        body: readBody(answer, { provider, operation, field }),
      };
    },
  };
}
