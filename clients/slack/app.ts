import type { AddressInfo } from 'node:net';
import { App, LogLevel } from '@slack/bolt';
import { pino } from 'pino';
import { LINK_ACTION, REJECT_MODAL, VERDICT_ACTION } from '../../providers/chat/slack/buttons.ts';
import { createSlackClients } from '../../providers/chat/slack/chat.ts';
import type { SlackAppDeps } from './deps.ts';
import { createGate } from './gate.ts';
import { type HandleDeps, handlePress } from './handle.ts';
import { reasonProblem } from './modal.ts';
import { createOutbox } from './outbox.ts';
import { createPeople } from './people.ts';
import { type Press, readButtonPress, readRejectForm } from './press.ts';
import { type Admitted, createGatedReceiver } from './receiver.ts';
import { createSecurityLog } from './security-log.ts';
import { createTell } from './tell.ts';

export type { Delivered, SlackAppDeps } from './deps.ts';

export interface SlackApp {
  /** Listens on `config.host`; port 0 picks a free one. @default config.port */
  start(port?: number): Promise<string>;
  /** Stops listening and waits for presses that are being worked on. */
  stop(): Promise<void>;
  /** Base URL once started. */
  readonly url: string;
}

/**
 * The process people talk to: receives presses, decides whether they count, stores them, and tells the workflow.
 * Serves `POST /slack/events` and `GET /healthz`.
 */
export async function createSlackApp(deps: SlackAppDeps): Promise<SlackApp> {
  const { config, times = {} } = deps;
  const now = deps.now ?? Date.now;
  const log = deps.log ?? pino({ name: 'slack-app' });
  const signingSecret = await deps.secrets.resolve(config.signingSecret);
  const timeoutMs = times.slackTimeoutMs ?? 2500;
  const clients = await createSlackClients({ config, secrets: deps.secrets, timeoutMs });
  const security = createSecurityLog({ audit: deps.audit, now, log });
  const outbox = createOutbox({
    store: deps.store,
    decide: deps.decide,
    everyMs: times.redeliverEveryMs ?? 15_000,
    log,
    now,
  });
  const people = createPeople({
    client: clients.read,
    config,
    directory: deps.directory,
    now,
    approverCacheMs: times.approverCacheMs ?? 60_000,
  });
  const handling: HandleDeps = {
    ...deps,
    clients,
    people,
    outbox,
    security,
    now,
    log,
    tell: createTell({ clients, config, log, timeoutMs }),
  };

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
    // One workspace, known by configuration: nothing has to be asked of Slack before a press can be answered.
    authorize: async () => ({ botToken }),
  });

  const working = new Set<Promise<void>>();
  const work = (press: Press): Promise<void> => {
    const job = handlePress(handling, press)
      .catch(async (error: Error) => {
        log.error({ error: error.message, requestHash: press.requestHash }, 'press failed');
        await handling.tell(
          press,
          '🚫 Something went wrong inside Idlewise. Look at the thread, then press again. (internal-error)',
        );
      })
      .finally(() => working.delete(job));
    working.add(job);
    return job;
  };

  app.action(VERDICT_ACTION, async ({ ack, body, context }) => {
    await ack();
    await work(readButtonPress(body, context as unknown as Admitted));
  });
  app.action(LINK_ACTION, async ({ ack }) => ack());
  app.view(REJECT_MODAL, async ({ ack, body, context }) => {
    const press = readRejectForm(body, context as unknown as Admitted);
    const problem = reasonProblem(press.reason);
    if (problem) return ack({ response_action: 'errors', errors: { reason: problem } });
    await ack();
    await work(press);
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
      await outbox.start();
      return url;
    },
    stop: async () => {
      outbox.stop();
      await receiver.stop();
      await Promise.allSettled([...working]);
    },
  };
}
