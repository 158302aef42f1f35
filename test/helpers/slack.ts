import type { ChatApp } from '../../clients/chat/deps.ts';
import type { Delivered } from '../../decisions/types.ts';
import { createSlackApp } from '../../clients/slack/app.ts';
import type { SlackAppDeps } from '../../clients/slack/deps.ts';
import type { Config } from '../../config/schema.ts';
import type { ChatPort, MessageRef } from '../../ports/chat.ts';
import { createSlackChat } from '../../providers/chat/slack/chat.ts';
import { loadCedarPolicy } from '../../providers/policy/cedar/create-cedar-policy.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Store } from '../../ports/store.ts';
import { createSlackSimulator, type SlackSimulator, type SlackSimulatorOptions } from '../../sandbox/slack/index.ts';
import type { Misbehaviour } from '../../sandbox/slack/types.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import { adminOf, type ChatRecords, chatDirectory, startChatRecords, until } from './chat.ts';
import { ROLE_KEYS } from './signing.ts';

export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const BOT_TOKEN = 'xoxb-of-the-tests';
export const CHANNEL = 'C0IDLEWISE';

export const slackSecrets = {
  resolve: async (reference: string) => (reference === 'env:SIGNING' ? SIGNING_SECRET : BOT_TOKEN),
};

export function slackConfig(apiUrl: string): NonNullable<Config['slack']> {
  return {
    apiUrl,
    botToken: 'env:BOT',
    signingSecret: 'env:SIGNING',
    appId: 'A0IDLEWISE',
    teamId: 'T0IDLEWISE',
    channel: CHANNEL,
    approverUsergroup: 'S0APPROVERS',
    port: 0,
    host: '127.0.0.1',
    allowedResponseUrlHosts: ['127.0.0.1'],
  };
}

export interface SlackBench {
  readonly simulator: SlackSimulator;
  readonly simUrl: string;
  readonly chat: ChatPort;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly app: ChatApp;
  /** Every decision the workflow was told, in order. */
  readonly told: Decision[];
  answer(reply: (decision: Decision) => Promise<Delivered>): void;
  /** A stored, posted request under a fresh id, so that tests cannot meet each other. */
  ask(over?: Partial<ApprovalRequest>): ReturnType<ChatRecords['ask']>;
  interact(
    user: string,
    ref: MessageRef,
    action: string | { id: string; value?: string; misbehave?: Misbehaviour },
  ): Promise<{ status: number; deliveries: { status: number }[] }>;
  sim(path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** What this person was told privately, newest last, once there is something. */
  notes(user: string, count?: number): Promise<string[]>;
  clearNotes(): void;
  readonly refusals: ChatRecords['refusals'];
  readonly trail: ChatRecords['trail'];
  stop(): Promise<void>;
}

/** Real Bolt, real MongoDB and the Slack simulator, talking HTTP. */
export async function startSlackBench(
  over: { deps?: (deps: SlackAppDeps) => SlackAppDeps; simulator?: SlackSimulatorOptions['options'] } = {},
): Promise<SlackBench> {
  const records = await startChatRecords('slack_test');
  const { store, audit } = records;
  let app: ChatApp | undefined;
  const simulator = createSlackSimulator({
    signingSecret: SIGNING_SECRET,
    appUrl: () => app?.url ?? null,
    options: { botToken: BOT_TOKEN, ...over.simulator },
  });
  const simUrl = await simulator.start();
  const config = slackConfig(`${simUrl}/api/`);
  const told: Decision[] = [];
  let reply = records.countLikeTheWorkflow;

  const deps: SlackAppDeps = {
    config,
    secrets: slackSecrets,
    store,
    audit,
    policy: await loadCedarPolicy('config/policies'),
    directory: chatDirectory,
    signer: ROLE_KEYS.signers['role:slack'],
    verifier: ROLE_KEYS.verifier,
    deliver: async (decision) => {
      told.push(decision);
      return reply(decision);
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    times: { redeliverEveryMs: 100 },
  };
  app = await createSlackApp(over.deps?.(deps) ?? deps);
  await app.start();
  const chat = await createSlackChat({ config, secrets: slackSecrets, directory: chatDirectory });

  const sim = adminOf(simUrl);

  return {
    simulator,
    simUrl,
    chat,
    store,
    audit,
    app,
    told,
    answer: (next) => {
      reply = next;
    },
    ask: (request) => records.ask(chat, request),
    interact: async (user, { channel, messageTs }, action) => {
      const { id: actionId, ...extra } = typeof action === 'string' ? { id: action } : action;
      return (await sim('interact', { user, channel, messageTs, actionId, ...extra })) as never;
    },
    sim,
    notes: async (user, count = 1) => {
      const mine = () => simulator.world.ephemerals.filter((e) => e.user === user).map((e) => e.text);
      await until(() => mine().length >= count);
      return mine();
    },
    clearNotes: () => void simulator.world.ephemerals.splice(0),
    refusals: records.refusals,
    trail: records.trail,
    stop: async () => {
      await app?.stop();
      await simulator.stop();
      await records.stop();
    },
  };
}
