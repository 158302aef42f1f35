import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createTeamsClient } from '../../providers/chat/teams/client.ts';
import { createMemory } from '../../providers/chat/teams/memory.ts';
import type { ChatApp } from '../chat/deps.ts';
import { createInteractions } from '../chat/interactions.ts';
import { reasonProblem } from '../../decisions/problem.ts';
import { answerHealth, sendRefusal } from '../chat/request.ts';
import { createSecurityLog } from '../../decisions/security-log.ts';
import { type Activity, baseConversation, tenantsOf } from './activity.ts';
import { createReply } from './answer.ts';
import { createTeamsChannel } from './channel.ts';
import type { TeamsAppDeps } from './deps.ts';
import { type Admission, createGate } from './gate.ts';
import { isCardAction, readInteraction } from './interaction.ts';
import { createTokenCheck } from './token.ts';

/**
 * The process people on Microsoft Teams talk to: receives interactions, decides whether they count, stores them, and tells the
 * workflow. Serves `POST /api/messages` and `GET /healthz`.
 */
export function createTeamsApp(deps: TeamsAppDeps): ChatApp {
  const { config, times = {} } = deps;
  const now = deps.now ?? Date.now;
  const log = deps.log ?? pino({ name: 'teams-app' });
  const client = createTeamsClient({ config, secrets: deps.secrets, timeoutMs: times.teamsTimeoutMs ?? 2500 });
  const teams = { client, memory: createMemory(deps.store.cache) };
  const security = createSecurityLog({ channel: 'teams', audit: deps.audit, now, log });
  const channel = createTeamsChannel({ config, teams, directory: deps.directory, log });
  const interactions = createInteractions({ ...deps, channel, now, log });
  const gate = createGate({
    config,
    checkToken: createTokenCheck({ config, now, keyCooldownMs: times.keyCooldownMs ?? 30_000 }),
    cache: deps.store.cache,
    now,
    maxSkewSeconds: times.maxSkewSeconds ?? 300,
    replayMemoryMs: times.replayMemoryMs ?? 900_000,
  });

  /** Handled without deciding anything; when that cannot be written down, a copy may come again and change as little. */
  const settled = async ({ delivery }: Admission & { admitted: true }): Promise<void> =>
    delivery?.done().catch((error: Error) => log.warn({ error: error.message }, 'delivery not settled'));

  const answerCard = async (admission: Admission & { admitted: true }, response: ServerResponse): Promise<void> => {
    const reply = createReply(times.answerWithinMs ?? 3000);
    const read = readInteraction(admission.activity, { ...admission, reply });
    const problem = read.value?.kind === 'reject' ? reasonProblem(read.reason) : null;
    if (problem) {
      reply.say(problem);
      await settled(admission);
    } else void interactions.work(read);
    json(response, 200, await reply.answer);
  };

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const admission = await gate.admit(request);
    if (!admission.admitted) {
      sendRefusal(request, response, admission);
      const { reason, requestHash, detail } = admission;
      await security({ reason, requestHash, payload: { detail: detail ?? null } });
      return;
    }
    if (isCardAction(admission.activity)) return answerCard(admission, response);
    noteWhereWeAre(admission.activity);
    await settled(admission);
    // Everything else Teams may ask of a bot, such as searches or tabs, is not what this one does.
    json(response, admission.activity.type === 'invoke' ? 501 : 200, {});
  };

  const noteWhereWeAre = (activity: Activity): void => {
    if (!['installationUpdate', 'conversationUpdate'].includes(activity.type)) return;
    const where = {
      conversationId: baseConversation(activity),
      serviceUrl: activity.serviceUrl,
      tenants: tenantsOf(activity),
    };
    log.info(where, 'the app is in this conversation; chat.teams.conversationId and serviceUrl name where requests go');
  };

  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method === 'GET' && path === '/healthz') return void answerHealth(() => deps.store.check(), response);
    if (request.method !== 'POST' || path !== '/api/messages') return void response.writeHead(404).end();
    receive(request, response).catch((error: Error) => {
      log.error({ error: error.message }, 'teams request failed');
      if (!response.headersSent) response.writeHead(500).end();
    });
  });

  let url = '';
  return {
    get url() {
      return url;
    },
    start: async (port = config.port) => {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, config.host, resolve);
      });
      url = `http://${config.host}:${(server.address() as AddressInfo).port}`;
      await interactions.start();
      return url;
    },
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      await interactions.stop();
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
