import { createHmac } from 'node:crypto';
import type { Delivery, JsonObject, Misbehaviour } from './types.ts';

export interface DeliveryDeps {
  readonly appUrl: () => string | null;
  readonly signingSecret: string;
  readonly now: () => number;
  readonly log: Delivery[];
}

/** Sends one interaction payload to the app as Slack would, signed v0, or spoiled as asked. */
export async function deliver(deps: DeliveryDeps, payload: JsonObject, how: Misbehaviour = {}): Promise<Delivery[]> {
  const merged = { ...payload, ...how.overrides };
  const body = new URLSearchParams({ payload: JSON.stringify(merged) }).toString();
  const timestamp = String(Math.floor(deps.now() / 1000) + (how.timestampOffset ?? 0));
  const secret = how.wrongSecret ? `${deps.signingSecret}x` : deps.signingSecret;
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    ...(how.omitSignature ? {} : { 'x-slack-signature': `v0=${how.wrongSignature ? flip(signature) : signature}` }),
  };
  const sent = how.tamper ? tamper(body) : body;
  if (how.delayMs) await new Promise((resolve) => setTimeout(resolve, how.delayMs));
  return Promise.all(
    Array.from({ length: how.deliveries ?? 1 }, () => send(deps, { kind: String(payload.type), headers, body: sent })),
  );
}

/** Sends an earlier request again, byte for byte. */
export function replay(deps: DeliveryDeps, earlier: Delivery): Promise<Delivery> {
  return send(deps, { kind: `replay of ${earlier.kind}`, headers: earlier.headers, body: earlier.body });
}

async function send(deps: DeliveryDeps, request: Pick<Delivery, 'kind' | 'headers' | 'body'>): Promise<Delivery> {
  const delivery: Delivery = { ...request, at: new Date(deps.now()).toISOString(), status: 0, answer: '' };
  deps.log.push(delivery);
  if (deps.log.length > 2000) deps.log.shift();
  const base = deps.appUrl();
  if (base === null) return Object.assign(delivery, { answer: 'no app is registered' });
  try {
    const response = await fetch(`${base.replace(/\/$/, '')}/slack/events`, {
      method: 'POST',
      headers: { ...request.headers, connection: 'close' },
      body: request.body,
      // Slack gives an app three seconds and then shows the person a warning.
      signal: AbortSignal.timeout(3000),
    });
    return Object.assign(delivery, { status: response.status, answer: await response.text() });
  } catch (error) {
    return Object.assign(delivery, {
      answer: (error as Error).name === 'TimeoutError' ? 'no answer in 3 s' : 'not reachable',
    });
  }
}

function flip(hex: string): string {
  return (hex[0] === '0' ? '1' : '0') + hex.slice(1);
}

function tamper(body: string): string {
  // A digit inside the encoded JSON keeps the body well formed, so that only the signature can tell.
  const at = body.search(/\d(?=[^\d%]*$)/);
  const index = at < 0 ? body.length - 1 : at;
  return body.slice(0, index) + (body[index] === '1' ? '2' : '1') + body.slice(index + 1);
}
