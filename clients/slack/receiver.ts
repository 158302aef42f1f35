import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, LogLevel } from '@slack/bolt';
import type { Gate } from './gate.ts';
import type { SecurityLog } from './security-log.ts';

const ENDPOINT = '/slack/events';

export interface Admitted {
  requestHash: string;
  recordsDown: boolean;
}

/** Bolt's HTTP receiver behind our own gate. What the gate learned travels in the listener's `context`. */
export function createGatedReceiver(deps: {
  signingSecret: string;
  gate: Gate;
  security: SecurityLog;
  health: () => Promise<string>;
}): HTTPReceiver {
  const admitted = new WeakMap<object, Admitted>();
  const receiver = new HTTPReceiver({
    signingSecret: deps.signingSecret,
    endpoints: [ENDPOINT],
    logLevel: LogLevel.ERROR,
    customPropertiesExtractor: (request) => ({ ...(admitted.get(request) ?? { requestHash: '', recordsDown: true }) }),
    customRoutes: [
      { path: '/healthz', method: ['GET'], handler: (_request, response) => void health(deps.health, response) },
    ],
  });

  const toBolt = receiver.requestListener;
  receiver.requestListener = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'POST' || request.url?.split('?')[0] !== ENDPOINT) return toBolt(request, response);
    void (async () => {
      const admission = await deps.gate.admit(request);
      if (!admission.admitted) {
        const unread = admission.status === 413;
        // A connection whose body was not read to its end would stall whatever is sent on it next.
        response
          .writeHead(admission.status, { 'content-type': 'text/plain', ...(unread && { connection: 'close' }) })
          .end(admission.reason, () => void (unread && request.destroy()));
        await deps.security({ reason: admission.reason, requestHash: admission.requestHash });
        return;
      }
      admitted.set(request, { requestHash: admission.requestHash, recordsDown: admission.recordsDown });
      toBolt(request, response);
    })().catch(() => {
      // A connection cut in the middle of its body, most likely: there is nobody left to tell.
      if (!response.headersSent) response.writeHead(400).end();
    });
  };
  return receiver;
}

async function health(check: () => Promise<string>, response: ServerResponse): Promise<void> {
  const [status, body] = await check().then(
    (store) => [200, { ok: true, store }] as const,
    () => [503, { ok: false, store: 'unavailable' }] as const,
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
