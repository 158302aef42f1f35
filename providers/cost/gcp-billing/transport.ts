import { BigQuery } from '@google-cloud/bigquery';
import type { OAuth2Client } from 'google-auth-library';
import type { z } from 'zod';
import type { GcpBilling } from './section.ts';
import { ProviderErrorKind as Kind, type ProviderError } from '../../../ports/errors.ts';
import { askAgain, mayPass } from '../../http/again.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { safeBase } from '../../http/address.ts';
import { asProviderError, failure, VENDOR } from './errors.ts';

export interface ApiCall {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Below `/projects/<project>`. */
  readonly uri: string;
  readonly json?: object;
  readonly qs?: Readonly<Record<string, string | number>>;
  /** Epoch milliseconds after which nobody waits any longer. */
  readonly deadline: number;
}

export type Send = <T>(call: ApiCall, shape: z.ZodType<T>) => Promise<T>;

/**
 * Requests through the official client, which signs and repeats them. Its own `query` is not used: an answer that is no
 * JSON, such as a proxy's page, makes it throw where nobody can catch it, and the process ends.
 */
export function createSend({
  gcp,
  auth,
  clock = Date.now,
  sleep,
}: Pick<HttpDeps, 'clock' | 'sleep'> & { readonly gcp: GcpBilling; readonly auth: OAuth2Client }): Send {
  const { projectId, table, timeout, retries } = gcp;
  const apiEndpoint = safeBase(gcp.apiUrl, { provider: VENDOR, field: 'cost.gcp.apiUrl' });
  const client = new BigQuery({
    projectId,
    apiEndpoint,
    authClient: auth,
    retryOptions: { autoRetry: retries > 0, maxRetries: retries },
  });
  // A variable of the environment would otherwise send the token to another address than the configured one.
  client.baseUrl = `${apiEndpoint}/bigquery/v2`;

  const once = ({ operation, method, uri, json, qs, deadline }: ApiCall): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const late = () => {
        const message = `the query was not answered within ${timeout} ms; raise cost.gcp.timeout`;
        reject(failure({ operation, kind: Kind.Unavailable, message }));
      };
      const timer = setTimeout(late, Math.max(0, deadline - clock()));
      const request = { method, uri, ...(json ? { json } : { json: true }), ...(qs ? { qs } : {}) };
      client.request(request, (error: Error | null, body: unknown) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(body);
      });
    });

  const ask: Send = async (call, shape) => {
    const { operation } = call;
    for (let renewed = false; ; renewed = true) {
      try {
        const body = await once(call);
        const parsed = shape.safeParse(body);
        if (parsed.success) return parsed.data;
        const issue = parsed.error.issues[0];
        const found =
          typeof body === 'string' ? 'the answer is not JSON' : `field ${issue?.path.join('.')}: ${issue?.message}`;
        const message = `${found}; a proxy may be answering, check cost.gcp.apiUrl`;
        throw failure({ operation, kind: Kind.Malformed, message });
      } catch (error) {
        const known = asProviderError(error, { operation, projectId, table }, clock());
        // A 401 is decided before anything is done.
        if (renewed || known.status !== 401) throw known;
        auth.setCredentials({});
      }
    }
  };
  // A project, a dataset and a role that are new are not known everywhere yet.
  return (call, shape) => askAgain(() => ask(call, shape), { passing: (error) => isNew(error), sleep });
}

function isNew(error: ProviderError): boolean {
  return mayPass(error, error.message) || (error.status === 403 && error.kind === Kind.Unauthorised);
}
