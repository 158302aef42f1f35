import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, LogLevel } from '@slack/bolt';
import type { Admitted } from '../chat/interaction.ts';
import { answerHealth, sendRefusal } from '../chat/request.ts';
import type { SecurityLog } from '../../decisions/security-log.ts';
import type { Gate } from './gate.ts';

const ENDPOINT = '/slack/events';

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
    customPropertiesExtractor: (request) => ({ ...(admitted.get(request) ?? { requestHash: '', delivery: null }) }),
    customRoutes: [
      { path: '/healthz', method: ['GET'], handler: (_request, response) => void answerHealth(deps.health, response) },
    ],
  });

  const toBolt = receiver.requestListener;
  receiver.requestListener = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'POST' || request.url?.split('?')[0] !== ENDPOINT) return toBolt(request, response);
    void (async () => {
      const admission = await deps.gate.admit(request);
      if (!admission.admitted) {
        sendRefusal(request, response, admission);
        await deps.security({ reason: admission.reason, requestHash: admission.requestHash });
        return;
      }
      admitted.set(request, { requestHash: admission.requestHash, delivery: admission.delivery });
      toBolt(request, response);
    })().catch(() => {
      // A connection cut in the middle of its body, most likely: there is nobody left to tell.
      if (!response.headersSent) response.writeHead(400).end();
    });
  };
  return receiver;
}
