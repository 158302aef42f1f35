import { type ServiceKeys, serviceClaims } from './keys.ts';
import { SERVICE_ISSUER, type Tenant } from './tenant.ts';
import type { Delivery, JsonObject, Misbehaviour } from './types.ts';

export interface DeliveryDeps {
  readonly tenant: Tenant;
  readonly keys: ServiceKeys;
  readonly appUrl: () => string | null;
  readonly now: () => number;
  readonly log: Delivery[];
}

/** Sends one activity to the app as the service would, or spoiled as asked. */
export async function deliver(deps: DeliveryDeps, activity: JsonObject, how: Misbehaviour = {}): Promise<Delivery[]> {
  const { tenant } = deps;
  const claims = serviceClaims({
    issuer: SERVICE_ISSUER,
    audience: tenant.appId,
    serviceUrl: tenant.serviceUrl(),
    nowMs: deps.now(),
    how,
  });
  const token = how.omitToken ? null : await deps.keys.sign(claims, how);
  const timestamp = new Date(deps.now() + (how.timestampOffset ?? 0) * 1000).toISOString();
  const request = {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: how.body ?? JSON.stringify({ ...activity, timestamp, ...how.overrides }),
  };
  return Promise.all(Array.from({ length: how.deliveries ?? 1 }, () => send(deps, request)));
}

/** Sends an earlier request again, byte for byte. */
export function replay(deps: DeliveryDeps, earlier: Delivery): Promise<Delivery> {
  return send(deps, { headers: earlier.headers, body: earlier.body });
}

async function send(deps: DeliveryDeps, request: Pick<Delivery, 'headers' | 'body'>): Promise<Delivery> {
  const delivery: Delivery = { ...request, at: new Date(deps.now()).toISOString(), status: 0, answer: '' };
  deps.log.push(delivery);
  if (deps.log.length > 2000) deps.log.shift();
  const base = deps.appUrl();
  if (base === null) return Object.assign(delivery, { answer: 'no app is registered' });
  try {
    const response = await fetch(`${base.replace(/\/$/, '')}/api/messages`, {
      method: 'POST',
      headers: { ...request.headers, connection: 'close' },
      body: request.body,
      // Teams gives an app about ten seconds and then shows the person a warning.
      signal: AbortSignal.timeout(10_000),
    });
    return Object.assign(delivery, { status: response.status, answer: await response.text() });
  } catch (error) {
    return Object.assign(delivery, {
      answer: (error as Error).name === 'TimeoutError' ? 'no answer in 10 s' : 'not reachable',
    });
  }
}
