import type { z } from 'zod';
import type { CostCloudHealth } from '../../../config/cost-cloudhealth.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { exchange, failureOf, type HttpVendor, parseAnswer, safeBase } from '../shared/http.ts';
import { createPacer } from '../shared/pacer.ts';
import { withRetry, takeTurn } from '../shared/patience.ts';
import { IMPERSONATE, LOGIN } from './documents.ts';
import { createSession } from './session.ts';
import { GraphqlAnswer, Impersonation, Login, RestError } from './wire.ts';

export const PROVIDER = 'cloudhealth';
const MINUTE_MS = 60_000;
/** How answers with status 200 say what others say by their status. The words are nowhere written down. */
const DOWN = /internal|time[d ]?-?out|unavailable|try again|too many/i;
const NOT_ALLOWED = /permission|forbidden|not allowed|access denied/i;
/** How a refused token reads; it is renewed once before it counts as an answer. */
const TOKEN_REFUSED =
  /unauthori[sz]ed|unauthenticated|not (authenticated|logged in)|invalid (access )?token|invalid api key|expired|jwt/i;

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

export interface ClientOptions {
  readonly config: CostCloudHealth;
  readonly secrets: SecretsPort;
  readonly clock: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

export function createCloudHealthClient({ config, secrets, clock, sleep }: ClientOptions): CloudHealthClient {
  const { limits, customer } = config;
  const graphqlUrl = safeBase(config.graphqlUrl, { provider: PROVIDER, field: 'cost.cloudhealth.graphqlUrl' });
  const apiUrl = safeBase(config.apiUrl, { provider: PROVIDER, field: 'cost.cloudhealth.apiUrl' });
  const hint = 'make a new API key in CloudHealth and put it where cost.cloudhealth.apiKey points';
  const vendor: HttpVendor = {
    provider: PROVIDER,
    timeoutMs: config.timeout,
    // The REST API answers 403 to a bad key as well as to a missing permission.
    hints: { unauthorised: hint, forbidden: `let the key's user see reports of this organisation, or ${hint}` },
    defaultRetryMs: limits.backoff,
    said: (body) =>
      RestError.safeParse(body).data?.error ?? GraphqlAnswer.safeParse(body).data?.errors?.[0]?.message ?? null,
  };
  const pace = { longestWaitMs: limits.longestWait, clock, ...(sleep ? { sleep } : {}) };
  const graphqlPace = createPacer([{ requests: limits.graphqlPerMinute, perMs: MINUTE_MS }], pace);
  const restPace = createPacer([{ requests: limits.restPerMinute, perMs: MINUTE_MS }], pace);
  const turn = (operation: string, pacer: typeof restPace) =>
    takeTurn([pacer], { provider: PROVIDER, operation, field: 'cost.cloudhealth.limits' });
  const failed = (kind: ProviderErrorKind, operation: string, message: string) =>
    new ProviderError({ kind, provider: PROVIDER, operation, message });

  /** One POST. The errors of the answer are its caller's to judge. */
  const post = async <T>(request: GraphqlRequest<T>, { token, count }: { token: string | null; count: () => void }) => {
    const { operation, document, variables } = request;
    await turn(operation, graphqlPace);
    count();
    const answer = await exchange(vendor, {
      operation,
      url: new URL(graphqlUrl),
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document, variables }),
    });
    if (answer.status === 401) return { refused: 'answered 401' };
    if (answer.status < 200 || answer.status > 299) throw failureOf(vendor, operation, answer);
    const { data, errors } = parseAnswer(vendor, GraphqlAnswer, { operation, text: answer.text });
    const [first] = errors ?? [];
    if (first === undefined) return { data };
    const said = first.message.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 300);
    if (TOKEN_REFUSED.test(said)) return { refused: said };
    if (NOT_ALLOWED.test(said))
      throw failed(ProviderErrorKind.Unauthorised, operation, `${said}; ${vendor.hints.forbidden}`);
    throw failed(
      DOWN.test(said) ? ProviderErrorKind.Unavailable : ProviderErrorKind.Terminal,
      operation,
      `refused (${said})`,
    );
  };

  const session = createSession({
    config,
    secrets,
    clock,
    async login(apiKey) {
      // Logging in counts towards the limit like any other request, but belongs to nobody in particular.
      const ask = async <T>(request: GraphqlRequest<T>, token: string | null): Promise<T> => {
        const answer = await post(request, { token, count: () => undefined });
        if ('refused' in answer) throw failed(ProviderErrorKind.Unauthorised, 'login', `${answer.refused}; ${hint}`);
        return parseData(request, answer.data);
      };
      const login = { operation: 'login', document: LOGIN, variables: { apiKey }, shape: Login };
      const own = (await ask(login, null)).loginAPI;
      if (!customer) return own;
      const input = { refreshToken: own.refreshToken, customer: customer.crn, justification: 'idlewise cost report' };
      const asCustomer = {
        operation: 'impersonate',
        document: IMPERSONATE,
        variables: { input },
        shape: Impersonation,
      };
      return (await ask(asCustomer, own.accessToken)).getAccessToken;
    },
  });

  const parseData = <T>({ operation, shape }: GraphqlRequest<T>, data: unknown): T =>
    parseAnswer(vendor, shape, { operation, text: JSON.stringify(data ?? null) });

  const graphql = async <T>(request: GraphqlRequest<T>, count: () => void): Promise<T> => {
    let refused = '';
    for (let attempt = 1; attempt <= 2; attempt++) {
      const token = await session.token();
      const answer = await post(request, { token, count });
      if (!('refused' in answer)) return parseData(request, answer.data);
      refused = answer.refused ?? '';
      session.refused(token);
    }
    throw failed(ProviderErrorKind.Unauthorised, request.operation, `${refused}, with a new token as well; ${hint}`);
  };

  const rest = async <T>({ operation, path, query, shape }: RestRequest<T>, count: () => void): Promise<T> => {
    const url = new URL(apiUrl + path);
    for (const [name, value] of query) url.searchParams.append(name, value);
    if (config.orgId !== undefined) url.searchParams.set('org_id', config.orgId);
    if (customer) url.searchParams.set('client_api_id', customer.clientApiId);
    const authorization = `Bearer ${await secrets.resolve(config.apiKey)}`;
    await turn(operation, restPace);
    count();
    const answer = await exchange(vendor, { operation, url, headers: { accept: 'application/json', authorization } });
    if (answer.status < 200 || answer.status > 299) throw failureOf(vendor, operation, answer);
    return parseAnswer(vendor, shape, { operation, text: answer.text });
  };

  const { longestWait: longestWaitMs } = limits;
  const counted = () => {
    let sent = 0;
    const count = () => {
      sent++;
    };
    return {
      graphql: <T>(request: GraphqlRequest<T>) =>
        withRetry(() => graphql(request, count), { pacers: [graphqlPace], longestWaitMs }),
      rest: <T>(request: RestRequest<T>) =>
        withRetry(() => rest(request, count), { pacers: [restPace], longestWaitMs }),
      counted,
      requests: () => sent,
    };
  };
  return counted();
}
