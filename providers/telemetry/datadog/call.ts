import { client } from '@datadog/datadog-api-client';
import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { boundedFetch } from '../../http/exchange.ts';
import { judge } from '../../http/failure.ts';
import { kindOfStatus } from '../status.ts';

type Configuration = ReturnType<typeof client.createConfiguration>;

export interface CallerOptions {
  readonly secrets: SecretsPort;
  /** Reference of the key. */
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

export interface Target {
  readonly url: string;
  readonly operation: string;
  /** The one status that means yes: a proxy's friendly 200 must not pass for Datadog's 202. */
  readonly accepts: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

/** Detail as Datadog writes it: texts, or objects with a detail. */
const Refusal = z.object({
  body: z.object({
    errors: z.array(z.union([z.string(), z.object({ detail: z.string() }).transform((e) => e.detail)])),
  }),
});

/** Seconds until the quota begins anew (https://docs.datadoghq.com/api/latest/rate-limits/). */
const HINTS = { provider: 'datadog', unstatedWaitMs: 30_000, waitHeaders: { names: ['x-ratelimit-reset'] } };
const MAX_BYTES = 5_000_000;

/**
 * One request per call with the vendor's client, which itself neither times out nor hands out status and headers: both are
 * seen to here, in the fetch it is given. The key is resolved each time, so that a rotated one is used at once.
 */
export function createCaller({ secrets, apiKey, timeoutMs, clock = Date.now }: CallerOptions) {
  // No redirect: it would turn the POST into a GET, and could carry the key elsewhere.
  const send = boundedFetch({ timeoutMs, maxBytes: MAX_BYTES });
  return async (target: Target, use: (configuration: Configuration) => Promise<unknown>): Promise<void> => {
    const seen: { answer: Answer | null } = { answer: null };
    const configuration = client.createConfiguration({
      baseServer: new client.BaseServerConfiguration(target.url, {}),
      authMethods: { apiKeyAuth: await secrets.resolve(apiKey) },
      enableRetry: false,
      fetch: async (url: string, init: RequestInit) => {
        const response = await send(url, init);
        seen.answer = { status: response.status, headers: response.headers };
        return response;
      },
    });
    try {
      await use(configuration);
    } catch (error) {
      throw problem(target, seen.answer, { cause: error, now: clock() });
    }
    if (seen.answer?.status !== target.accepts) throw problem(target, seen.answer, { cause: null, now: clock() });
  };
}

function problem(
  { url, operation, accepts }: Target,
  answer: Answer | null,
  { cause, now }: { cause: unknown; now: number },
): ProviderError {
  const common = { provider: 'datadog', operation };
  // A yes whose body did not come through or made no sense is no yes: it may have been somebody else's.
  if (answer === null || answer.status === accepts)
    return new ProviderError({
      ...common,
      kind: ProviderErrorKind.Unavailable,
      message: `no usable answer from ${url}: ${reason(cause)}`,
    });
  const { status, headers } = answer;
  const verdict = judge(status, headers, { now, hints: HINTS, kind: kindOfStatus(status) });
  const { kind } = verdict;
  const detail = Refusal.safeParse(cause).data?.body.errors.join('; ').slice(0, 300) ?? '';
  return new ProviderError({
    ...common,
    ...verdict,
    status,
    message: `${url} answered ${status}${detail === '' ? '' : ` (${detail})`}${FIX[kind] ?? ''}`,
  });
}

const FIX: Partial<Record<ProviderErrorKind, string>> = {
  unauthorised: '; give telemetry.datadog.apiKey a valid API key of this site',
  'not-found': '; correct telemetry.datadog.site, logsUrl or apiUrl',
};

/** The network's own words; they name hosts and time-outs, never the request. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'an answer of an unexpected kind';
  const { cause: inner } = cause;
  return inner instanceof Error ? `${cause.message}: ${inner.message}` : cause.message;
}
