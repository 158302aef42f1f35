import type { z } from 'zod';
import type { CostCloudHealth } from './section.ts';
import { ProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { bySecret, byToken } from '../../http/auth.ts';
import { ofShape } from '../../http/body.ts';
import { createHttpClient, type HttpClient, type HttpRequest } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createPacer } from '../../http/pace.ts';
import { createTokenCache } from '../../http/tokens.ts';
import { IMPERSONATE, LOGIN } from './documents.ts';
import { HINTS, inside, PROVIDER, tokenRefused } from './errors.ts';
import { GraphqlAnswer, Impersonation, Login } from './wire.ts';

export { PROVIDER } from './errors.ts';

const MINUTE_MS = 60_000;
/** A 429 in spite of our own pace means that somebody else uses the same limit as well. */
const ATTEMPTS = 3;
const GRAPHQL_FIELD = 'cost.cloudhealth.graphqlUrl';
const REST_FIELD = 'cost.cloudhealth.apiUrl';

export interface GraphqlRequest<T> {
  readonly operation: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly shape: z.ZodType<T>;
}
export interface RestRequest<T> {
  readonly operation: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly shape: z.ZodType<T>;
}

/** Both APIs of CloudHealth. Throws ProviderError. */
export interface CloudHealthClient {
  graphql<T>(request: GraphqlRequest<T>): Promise<T>;
  rest<T>(request: RestRequest<T>): Promise<T>;
  /** The same client, counting what is sent through this handle. */
  counted(): CloudHealthClient & { requests(): number };
}

export interface ClientOptions extends HttpDeps {
  readonly config: CostCloudHealth;
  readonly secrets: SecretsPort;
}

export function createCloudHealthClient(options: ClientOptions): CloudHealthClient {
  const { config, secrets, clock = Date.now, sleep } = options;
  const { limits, customer } = config;
  const pacer = (requests: number) =>
    createPacer({
      provider: PROVIDER,
      field: 'cost.cloudhealth.limits',
      limits: [{ requests, perMs: MINUTE_MS }],
      longestWaitMs: limits.longestWait,
      clock,
      sleep,
    });
  const [graphqlPace, restPace] = [pacer(limits.graphqlPerMinute), pacer(limits.restPerMinute)];
  const hints = { ...HINTS, unstatedWaitMs: limits.backoff };
  const retry = { attempts: ATTEMPTS, longestWaitMs: limits.longestWait };
  const common = { ...options, hints, timeoutMs: config.timeout, maxBytes: 100_000_000, retry };
  const graphqlClient = {
    ...common,
    base: config.graphqlUrl,
    field: GRAPHQL_FIELD,
    pace: () => [[graphqlPace]] as const,
    hints: { ...hints, inside, tokenRefused },
  };
  const login = createLogin(createHttpClient(graphqlClient), options);
  const graphqlHttp = createHttpClient({ ...graphqlClient, auth: byToken(createTokenCache({ clock, ask: login })) });
  const restHttp = createHttpClient({
    ...common,
    base: config.apiUrl,
    field: REST_FIELD,
    pace: () => [[restPace]],
    auth: bySecret(() => secrets.resolve(config.apiKey)),
  });

  const restQuery = (query: RestRequest<unknown>['query']) => {
    const params = new URLSearchParams([...query].map(([name, value]): [string, string] => [name, value]));
    if (config.orgId !== undefined) params.set('org_id', config.orgId);
    if (customer) params.set('client_api_id', customer.clientApiId);
    return params;
  };

  const counted = () => {
    let sent = 0;
    const count = () => {
      sent++;
    };
    return {
      graphql: <T>(request: GraphqlRequest<T>) => askGraphql(graphqlHttp, request, { sent: count }),
      rest: async <T>({ operation, path, query, shape }: RestRequest<T>) => {
        const body = await restHttp.json({ operation, path, query: restQuery(query), sent: count });
        return ofShape(shape, body, { provider: PROVIDER, operation, field: REST_FIELD });
      },
      counted,
      requests: () => sent,
    };
  };
  return counted();
}

async function askGraphql<T>(
  http: HttpClient,
  { operation, document, variables, shape }: GraphqlRequest<T>,
  more: Pick<HttpRequest, 'headers' | 'sent'> = {},
): Promise<T> {
  const body = { query: document, variables };
  // Running a report twice is work done twice; everything else only asks.
  const repeatable = operation !== 'runReport';
  const at = { provider: PROVIDER, operation, field: GRAPHQL_FIELD };
  const { data } = ofShape(GraphqlAnswer, await http.json({ ...more, operation, path: '', body, repeatable }), at);
  return ofShape(shape, data ?? null, at);
}

/**
 * Exchanges the API key for an access token of the GraphQL gateway, the customer's where there is one. Its lifetime is nowhere
 * promised, so it is renewed after `tokenFor` and when refused. Logging in counts towards the limit like any other request.
 */
function createLogin(http: HttpClient, { config, secrets }: ClientOptions) {
  const { customer, tokenFor } = config;
  return async () => {
    const variables = { apiKey: await secrets.resolve(config.apiKey) };
    const own = (await askGraphql(http, { operation: 'login', document: LOGIN, variables, shape: Login })).loginAPI;
    if (!customer) return { token: own.accessToken, lifeMs: tokenFor };
    if (!own.refreshToken)
      throw new ProviderError({
        kind: Kind.Malformed,
        provider: PROVIDER,
        operation: 'login',
        message: 'the answer has no refreshToken to act for the customer with; check cost.cloudhealth.customer',
      });
    const input = { refreshToken: own.refreshToken, customer: customer.crn, justification: 'idlewise cost report' };
    const asCustomer = { operation: 'impersonate', document: IMPERSONATE, variables: { input }, shape: Impersonation };
    const headers = { authorization: `Bearer ${own.accessToken}` };
    const { getAccessToken } = await askGraphql(http, asCustomer, { headers });
    return { token: getAccessToken.accessToken, lifeMs: tokenFor };
  };
}
