import type { AddressInfo } from 'node:net';
import { App, LogLevel } from '@slack/bolt';
import { pino } from 'pino';
import { LINK_ACTION, REJECT_MODAL, VERDICT_ACTION } from '../../providers/chat/slack/buttons.ts';
import { createSlackClients } from '../../providers/chat/slack/chat.ts';
import type { ChatApp } from '../chat/deps.ts';
import { createInteractions } from '../chat/interactions.ts';
import type { Admitted } from '../chat/interaction.ts';
import { reasonProblem } from '../../decisions/problem.ts';
import { createSecurityLog } from '../../decisions/security-log.ts';
import { createSlackChannel } from './channel.ts';
import type { SlackAppDeps } from './deps.ts';
import { createGate } from './gate.ts';
import { createPeople } from '../../providers/chat/slack/people.ts';
import { readButtonInteraction, readRejectForm } from './interaction.ts';
import { createGatedReceiver } from './receiver.ts';
import { createTell } from './tell.ts';

/**
 * The process people on Slack talk to: receives interactions, decides whether they count, stores them, and tells the workflow.
 * Serves `POST /slack/events` and `GET /healthz`.
 */
export async function createSlackApp(deps: SlackAppDeps): Promise<ChatApp> {
  const { config, times = {} } = deps;
  const now = deps.now ?? Date.now;
  const log = deps.log ?? pino({ name: 'slack-app' });
  const signingSecret = await deps.secrets.resolve(config.signingSecret);
  const timeoutMs = times.slackTimeoutMs ?? 2500;
  const clients = await createSlackClients({ config, secrets: deps.secrets, timeoutMs });
  const security = createSecurityLog({ channel: 'slack', audit: deps.audit, now, log });
  const people = createPeople({
    client: clients.read,
    config,
    directory: deps.directory,
    now,
    approverCacheMs: times.approverCacheMs ?? 60_000,
  });
  const tell = createTell({ clients, config, log, timeoutMs });
  const channel = createSlackChannel({ config, clients, people, tell });
  const interactions = createInteractions({ ...deps, channel, now, log });

  const receiver = createGatedReceiver({
    signingSecret,
    security,
    gate: createGate({
      signingSecret,
      cache: deps.store.cache,
      now,
      maxSkewSeconds: times.maxSkewSeconds ?? 300,
      replayMemoryMs: times.replayMemoryMs ?? 900_000,
    }),
    health: () => deps.store.check(),
  });
  const botToken = await deps.secrets.resolve(config.botToken);
  const app = new App({
    receiver,
    convoStore: false,
    logLevel: LogLevel.ERROR,
    // One workspace, known by configuration: nothing has to be asked of Slack before an interaction can be answered.
    authorize: async () => ({ botToken }),
  });

  app.action(VERDICT_ACTION, async ({ ack, body, context }) => {
    await ack();
    await interactions.work(readButtonInteraction(body, context as unknown as Admitted));
  });
  // Slack opens the link itself; there is nothing to do, and nothing that a copy of it could do.
  app.action(LINK_ACTION, async ({ ack }) => ack());
  app.view(REJECT_MODAL, async ({ ack, body, context }) => {
    const interaction = readRejectForm(body, context as unknown as Admitted);
    const problem = reasonProblem(interaction.reason);
    // The corrected form comes as a request of its own.
    if (problem) return ack({ response_action: 'errors', errors: { reason: problem } });
    await ack();
    await interactions.work(interaction);
  });
  app.error(async (error) => log.error({ error: error.message }, 'slack request failed'));

  let url = '';
  return {
    get url() {
      return url;
    },
    start: async (port = config.port) => {
      const server = await receiver.start({ port, host: config.host });
      url = `http://${config.host}:${(server.address() as AddressInfo).port}`;
      await interactions.start();
      return url;
    },
    stop: async () => {
      await receiver.stop();
      await interactions.stop();
    },
  };
}
