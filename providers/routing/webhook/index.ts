import type { Webhook } from './section.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { HttpDeps } from '../../http/deps.ts';
import { createRoutingHttp } from '../http.ts';
import { HandoverState, type HandoverStatus, type RoutingPort } from '../../../ports/routing.ts';
import { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './signature.ts';

const VENDOR = 'webhook';
/** As long as a change may wait for its second phase, and then some. */
const KEPT_MS = 90 * 86_400_000;

/** Under this key the receiver's answer waits for the executor; written by our HTTP app when it comes in. */
export const resultKey = (handoverId: string): string => `routing-result/${handoverId}`;
const sentKey = (handoverId: string): string => `routing-sent/${handoverId}`;

/**
 * A signed POST to any receiver, which must treat a repeated `handoverId` as the same request and sends its result back,
 * signed with the same secret, to our HTTP app.
 */
export function createWebhookRouting(
  deps: HttpDeps & {
    readonly config: Webhook;
    readonly secrets: SecretsPort;
    readonly cache: CacheStore;
    readonly timeoutMs: number;
  },
): RoutingPort {
  const { config, secrets, cache, clock = Date.now } = deps;
  const url = new URL(config.url);
  const http = createRoutingHttp({
    ...deps,
    provider: VENDOR,
    base: url.origin,
    field: 'routing.webhook.url',
    permission: 'the receiver refuses the signature; check routing.webhook.signingSecret on both sides',
  });
  const post = async (operation: string, id: string, payload: unknown) => {
    const timestamp = String(Math.floor(clock() / 1000));
    const secret = await secrets.resolve(config.signingSecret);
    await http.send({
      operation,
      method: 'POST',
      path: url.pathname,
      query: url.searchParams,
      // What is signed is what is sent: the client writes the same JSON.
      body: payload,
      headers: {
        'idempotency-key': id,
        [TIMESTAMP_HEADER]: timestamp,
        [SIGNATURE_HEADER]: sign(secret, timestamp, JSON.stringify(payload)),
      },
    });
  };
  return {
    vendor: VENDOR,
    async find(handoverId) {
      const result = await cache.get(resultKey(handoverId));
      if (result !== null) return readResult(result);
      return (await cache.get(sentKey(handoverId))) === null ? null : { state: 'pending', url: null };
    },
    async send(handover) {
      await post('handover', handover.handoverId, handover);
      await cache.put(sentKey(handover.handoverId), true, new Date(clock() + KEPT_MS).toISOString());
      return { state: 'pending', url: null };
    },
    async check() {
      await post('ping', 'ping', { version: 1, kind: 'ping' });
      return `${new URL(config.url).host} takes signed requests`;
    },
  };
}

function readResult(value: unknown): HandoverStatus {
  const { state, url } = value as { state?: unknown; url?: unknown };
  return {
    // A result in words nobody agreed on is no success.
    state: HandoverState.find((s) => s === state) ?? 'failed',
    url: typeof url === 'string' ? url : null,
  };
}
