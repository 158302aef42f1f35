import type { z } from 'zod';
import type { CostVantage } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { bySecret } from '../../http/auth.ts';
import { ofShape } from '../../http/body.ts';
import { createHttpClient } from '../../http/client.ts';
import type { HttpDeps } from '../../http/deps.ts';
import type { VendorHints } from '../../http/failure.ts';
import { createPacer } from '../../http/pace.ts';
import { ErrorBody } from './wire.ts';

export const PROVIDER = 'vantage';
const HOUR_MS = 3_600_000;
/** A 429 in spite of our own pace means that somebody else uses the same limit as well. */
const ATTEMPTS = 3;

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

export interface VantageClientOptions extends HttpDeps {
  readonly config: CostVantage;
  readonly secrets: SecretsPort;
}

const HINTS: VendorHints = {
  provider: PROVIDER,
  said: (body) => ErrorBody.safeParse(body).data?.errors.join('; ') ?? null,
  fix({ status }) {
    if (status === 401) return 'make a new API token in Vantage and put it where cost.vantage.apiToken points';
    if (status === 403) return 'give the token of cost.vantage.apiToken the scope read and access to the workspace';
    return null;
  },
};

/** Small client for the five reads we make, paced by the account's limits. */
export function createVantageClient(options: VantageClientOptions): VantageClient {
  const { config, secrets, clock = Date.now, sleep } = options;
  const { limits } = config;
  const field = 'cost.vantage.apiUrl';
  const pace = { provider: PROVIDER, field: 'cost.vantage.limits', longestWaitMs: limits.longestWait, clock, sleep };
  const hourly = createPacer({ ...pace, limits: [{ requests: limits.requestsPerHour, perMs: HOUR_MS }] });
  const costs = createPacer({ ...pace, limits: [{ requests: limits.costRequests, perMs: limits.costWindow }] });
  const http = createHttpClient({
    ...options,
    hints: { ...HINTS, unstatedWaitMs: limits.costWindow },
    base: config.apiUrl,
    field,
    timeoutMs: config.timeout,
    maxBytes: 100_000_000,
    auth: bySecret(() => secrets.resolve(config.apiToken)),
    pace: ({ path }) => (/^\/v2\/(costs|cost_reports)\b/.test(path) ? [[costs], [hourly]] : [[hourly]]),
    retry: { attempts: ATTEMPTS, longestWaitMs: limits.longestWait },
  });

  const counted = () => {
    let sent = 0;
    const get = async <T>({ operation, path, query, shape }: VantageRequest<T>): Promise<T> => {
      const body = await http.json({ operation, path: `/v2${path}`, query, sent: () => sent++ });
      return ofShape(shape, body, { provider: PROVIDER, operation, field });
    };
    return { get, counted, requests: () => sent };
  };
  return counted();
}
