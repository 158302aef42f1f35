import type { ChatApp } from '../../../clients/chat/deps.ts';
import type { Delivered } from '../../../decisions/types.ts';
import { createTeamsApp } from '../../../clients/teams/app.ts';
import type { TeamsAppDeps } from '../../../clients/teams/deps.ts';
import { Teams } from '../../../providers/chat/teams/section.ts';
import type { ChatPort, MessageRef } from '../../../ports/chat.ts';
import { createTeamsChat } from '../../../providers/chat/teams/chat.ts';
import { loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import { isObject, partsOf } from '../../../sandbox/teams/cards.ts';
import {
  createTeamsSimulator,
  type Misbehaviour,
  SANDBOX_APP_ID,
  SANDBOX_CONVERSATION,
  SANDBOX_TENANT_ID,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
} from '../../../sandbox/teams/index.ts';
import type { JsonObject, StoredMessage } from '../../../sandbox/teams/types.ts';
import type { ApprovalRequest, Decision } from '../../../schemas/decision.ts';
import { adminOf, type ChatRecords, chatDirectory, startChatRecords, until } from '../../helpers/chat.ts';
import { ROLE_KEYS } from '../../helpers/signing.ts';

export const APP_PASSWORD = 'client-secret-of-the-tests';
export const teamsSecrets = { resolve: async () => APP_PASSWORD };

export function teamsConfig(simUrl: string, over: Partial<Teams> = {}): Teams {
  return {
    ...Teams.parse({
      appId: SANDBOX_APP_ID,
      appPassword: 'env:TEAMS_APP_PASSWORD',
      tenantId: SANDBOX_TENANT_ID,
      conversationId: SANDBOX_CONVERSATION,
      serviceUrl: `${simUrl}/teams`,
      allowedServiceHosts: ['127.0.0.1'],
      tokenUrl: `${simUrl}/${SANDBOX_TENANT_ID}/oauth2/v2.0/token`,
      jwksUrl: `${simUrl}/v1/.well-known/keys`,
      port: 0,
      timeout: 1500,
    }),
    ...over,
  };
}

export interface Answered {
  readonly status: number;
  readonly answer: string;
  /** What Teams shows to the one who pressed. */
  readonly note: string;
  readonly deliveries: readonly { status: number; answer: string }[];
}

export type Button =
  | string
  | {
      id?: string;
      action?: { verb?: string; data: JsonObject };
      inputs?: Record<string, string>;
      misbehave?: Misbehaviour;
    };

export interface TeamsBench {
  readonly simulator: TeamsSimulator;
  readonly simUrl: string;
  readonly chat: ChatPort;
  readonly records: ChatRecords;
  readonly app: ChatApp;
  /** Every decision the workflow was told, in order. */
  readonly told: Decision[];
  answer(reply: (decision: Decision) => Promise<Delivered>): void;
  ask(over?: Partial<ApprovalRequest>): ReturnType<ChatRecords['ask']>;
  interact(user: string, ref: MessageRef, button: Button): Promise<Answered>;
  sim(path: string, body?: unknown): Promise<Record<string, unknown>>;
  message(ref: MessageRef): StoredMessage | undefined;
  /** Lines in the thread of a message that match, once there are any. */
  thread(ref: MessageRef, pattern: RegExp): Promise<string[]>;
  stop(): Promise<void>;
}

/** The real app, real records and the Teams simulator, talking HTTP. */
export async function startTeamsBench(
  over: { deps?: (deps: TeamsAppDeps) => TeamsAppDeps; simulator?: TeamsSimulatorOptions['options'] } = {},
): Promise<TeamsBench> {
  const records = await startChatRecords('teams_test');
  const { store, audit } = records;
  let app: ChatApp | undefined;
  const simulator = await createTeamsSimulator({
    appPassword: APP_PASSWORD,
    appUrl: () => app?.url ?? null,
    ...(over.simulator && { options: over.simulator }),
  });
  const simUrl = await simulator.start();
  const config = teamsConfig(simUrl);
  const told: Decision[] = [];
  let reply = records.countLikeTheWorkflow;
  const deps: TeamsAppDeps = {
    config,
    secrets: teamsSecrets,
    store,
    audit,
    policy: await loadCedarPolicy('config/policies'),
    directory: chatDirectory,
    signer: ROLE_KEYS.signers['role:teams'],
    verifier: ROLE_KEYS.verifier,
    deliver: async (decision) => {
      told.push(decision);
      return reply(decision);
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    times: { redeliverEveryMs: 100, keyCooldownMs: 0 },
  };
  app = createTeamsApp(over.deps?.(deps) ?? deps);
  await app.start();
  const chat = createTeamsChat({ config, secrets: teamsSecrets, directory: chatDirectory, cache: store.cache });
  const sim = adminOf(simUrl);

  return {
    simulator,
    simUrl,
    chat,
    records,
    app,
    told,
    sim,
    answer: (next) => {
      reply = next;
    },
    ask: (request) => records.ask(chat, request),
    interact: async (user, ref, button) => {
      const { id: actionId, ...more } = typeof button === 'string' ? { id: button } : button;
      return (await sim('interact', { user, messageId: ref.messageTs, actionId, ...more })) as unknown as Answered;
    },
    message: (ref) => simulator.world.find(ref.messageTs),
    thread: async (ref, pattern) => {
      const lines = () =>
        simulator.world.messages.filter((m) => m.threadOf === ref.messageTs && pattern.test(m.text)).map((m) => m.text);
      await until(() => lines().length > 0);
      return lines();
    },
    stop: async () => {
      await app?.stop();
      await simulator.stop();
      await records.stop();
    },
  };
}

/** Ids of the buttons on a card that call the app. */
export function buttonsOf(card: JsonObject | null | undefined): string[] {
  return [...partsOf(card ?? {})].filter((p) => p.type === 'Action.Execute').map((p) => String(p.id));
}

/** Texts of a card by the type of what shows them. */
export function textsOf(card: JsonObject | null | undefined, type: string): string[] {
  return [...partsOf(card ?? {})].filter((p) => p.type === type).map((p) => String(p.text ?? p.title ?? ''));
}

export const cardText = (card: JsonObject | null | undefined): string =>
  isObject(card ?? undefined) ? [...textsOf(card, 'TextRun'), ...textsOf(card, 'TextBlock')].join(' | ') : '';
