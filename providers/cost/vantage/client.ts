import type { z } from 'zod';
import type { CostVantage } from '../../../config/cost-vantage.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { exchange, failureOf, type HttpVendor, parseAnswer, safeBase } from '../shared/http.ts';
import { createPacer } from '../shared/pacer.ts';
import { withRetry, takeTurn } from '../shared/patience.ts';
import { ErrorBody } from './wire.ts';

export const PROVIDER = 'vantage';
const HOUR_MS = 3_600_000;

export interface VantageRequest<T> {
  readonly operation: string;
  /** Below /v2, every part already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly shape: z.ZodType<T>;
}

/** Vantage's API v2. Throws ProviderError. */
export interface VantageClient {
  get<T>(request: VantageRequest<T>): Promise<T>;
  /** The same client, counting what is sent through this handle. */
  counted(): VantageClient & { requests(): number };
}

export interface VantageClientOptions {
  readonly config: CostVantage;
  readonly secrets: SecretsPort;
  readonly clock?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Small client for the five reads we make, paced by the account's limits. */
export function createVantageClient(options: VantageClientOptions): VantageClient {
  const { config, secrets, clock, sleep } = options;
  const { limits } = config;
  const base = safeBase(config.apiUrl, { provider: PROVIDER, field: 'cost.vantage.apiUrl' });
  const vendor: HttpVendor = {
    provider: PROVIDER,
    timeoutMs: config.timeout,
    hints: {
      unauthorised: 'make a new API token in Vantage and put it where cost.vantage.apiToken points',
      forbidden: 'give the token of cost.vantage.apiToken the scope read and access to the workspace',
    },
    defaultRetryMs: limits.costWindow,
    said: (body) => ErrorBody.safeParse(body).data?.errors.join('; ') ?? null,
  };
  const pace = { longestWaitMs: limits.longestWait, ...(clock ? { clock } : {}), ...(sleep ? { sleep } : {}) };
  const hourly = createPacer([{ requests: limits.requestsPerHour, perMs: HOUR_MS }], pace);
  const costs = createPacer([{ requests: limits.costRequests, perMs: limits.costWindow }], pace);

  const once = async <T>({ operation, path, query = {}, shape }: VantageRequest<T>, count: () => void): Promise<T> => {
    const url = new URL(`${base}/v2${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const send = async (token: string) => {
      const pacers = /^\/(costs|cost_reports)\b/.test(path) ? [costs, hourly] : [hourly];
      await takeTurn(pacers, { provider: PROVIDER, operation, field: 'cost.vantage.limits' });
      count();
      const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
      return exchange(vendor, { operation, url, headers });
    };
    const token = await secrets.resolve(config.apiToken);
    let answer = await send(token);
    if (answer.status === 401) {
      const renewed = await secrets.resolve(config.apiToken);
      if (renewed !== token) answer = await send(renewed);
    }
    if (answer.status < 200 || answer.status > 299) throw failureOf(vendor, operation, answer);
    return parseAnswer(vendor, shape, { operation, text: answer.text });
  };

  const get = <T>(request: VantageRequest<T>, count: () => void): Promise<T> =>
    withRetry(() => once(request, count), { pacers: [costs, hourly], longestWaitMs: limits.longestWait });

  const counted = () => {
    let sent = 0;
    return { get: <T>(request: VantageRequest<T>) => get(request, () => sent++), counted, requests: () => sent };
  };
  return counted();
}
