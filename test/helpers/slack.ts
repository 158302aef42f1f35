import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSlackApp, type SlackApp, type SlackAppDeps } from '../../clients/slack/app.ts';
import type { Delivered } from '../../clients/slack/deps.ts';
import type { Config } from '../../config/schema.ts';
import type { ApprovalCard, ChatPort, MessageRef } from '../../providers/chat/port.ts';
import { createSlackChat } from '../../providers/chat/slack/chat.ts';
import { createDirectory } from '../../providers/directory/directory.ts';
import { loadCedarPolicy } from '../../providers/policy/cedar/create-cedar-policy.ts';
import { createMongoAuditLog } from '../../providers/store/audit/create-mongo-audit-log.ts';
import type { AuditLog } from '../../providers/store/audit-port.ts';
import { createMongoStore } from '../../providers/store/mongodb/create-mongo-store.ts';
import type { Store } from '../../providers/store/port.ts';
import { createSlackSimulator, type SlackSimulator, type SlackSimulatorOptions } from '../../sandbox/slack/index.ts';
import type { Misbehaviour } from '../../sandbox/slack/types.ts';
import { ApprovalRequest, type Decision } from '../../schemas/decision.ts';
import { startMongo } from './servers.ts';

export const SIGNING_SECRET = 'signing-secret-of-the-tests';
export const BOT_TOKEN = 'xoxb-of-the-tests';
export const CHANNEL = 'C0IDLEWISE';
export const DIGEST = { stop: 'a'.repeat(64), terminate: 'b'.repeat(64) };

export const slackSecrets = {
  resolve: async (reference: string) => (reference === 'env:SIGNING' ? SIGNING_SECRET : BOT_TOKEN),
};

export function slackConfig(apiUrl: string): Config['slack'] {
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

const person = (name: string, slackUserIds: string[], groups: string[]) => ({
  subject: `${name}@acme.example`,
  displayName: name[0]?.toUpperCase() + name.slice(1),
  slackUserIds,
  groups,
  iamPrincipals: [`${name}.iam`],
});

/** Ana has two accounts; Ben is found by his verified address; Dev is known but no approver; Mallory is nobody. */
export const slackDirectory = createDirectory({
  finopsGroup: 'finops',
  people: [
    person('ana', ['U0ANA', 'U0ANA2'], ['approvers']),
    person('ben', [], ['approvers']),
    person('cleo', ['U0CLEO'], ['approvers']),
    person('dev', ['U0DEV'], ['team-web']),
  ],
});

export function card(over: Partial<ApprovalCard> = {}): ApprovalCard {
  const option = {
    label: 'Secure stop',
    reversibility: 'reversible' as const,
    monthlySaving: { amount: '61.32', currency: 'USD' },
    savingNote: 'The disks stay and cost 8.00 USD a month.',
    riskOfActing: 8,
    steps: ['check protections', 'stop', 'read the state again'],
    terraform: '',
    rollback: 'start the instance',
    blockers: [] as string[],
    parameters: {},
    requiredApprovals: 1,
    oneClick: true,
  };
  return {
    approvalId: 'apr-1',
    round: 1,
    assetName: 'web-idle-3',
    assetKey: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0',
    accountName: 'acme-dev',
    region: 'eu-west-1',
    environment: 'dev',
    owner: 'ana@acme.example',
    monthlyCost: '69.32 USD/month',
    verdictLine: 'CPU peaked at 1.4 % in 14 days with 99 % of the data present.',
    risk: { score: 12, level: 'low', reasonCodes: ['env:dev'], questions: [], summary: null, assessor: 'rules' },
    options: [
      {
        ...option,
        optionId: 'stop-instance',
        awsCli: 'aws ec2 stop-instances --instance-ids i-0123456789abcdef0',
        planDigest: DIGEST.stop,
      },
      {
        ...option,
        optionId: 'snapshot-and-terminate-instance',
        label: 'Snapshot & terminate',
        reversibility: 'restorable',
        requiredApprovals: 2,
        oneClick: false,
        awsCli: 'aws ec2 create-snapshots --instance-specification InstanceId=i-0123456789abcdef0',
        planDigest: DIGEST.terminate,
      },
    ],
    recommended: 'stop-instance',
    ticket: {
      system: 'servicenow',
      id: '1',
      number: 'CHG0030001',
      url: 'https://example.service-now.com/nav_to.do?uri=1',
    },
    runUrl: null,
    expiresAt: '2030-01-01T00:00:00Z',
    ...over,
  };
}

export interface SlackBench {
  readonly simulator: SlackSimulator;
  readonly simUrl: string;
  readonly chat: ChatPort;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly app: SlackApp;
  /** Every decision the workflow was told, in order. */
  readonly told: Decision[];
  answer(reply: (decision: Decision) => Promise<Delivered>): void;
  /** A stored, posted request under a fresh id, so that tests cannot meet each other. */
  ask(over?: Partial<ApprovalRequest>): Promise<{ request: ApprovalRequest; ref: MessageRef }>;
  press(
    user: string,
    ref: MessageRef,
    action: string | { id: string; value?: string; misbehave?: Misbehaviour },
  ): Promise<{ status: number; deliveries: { status: number }[] }>;
  sim(path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** What this person was told privately, newest last, once there is something. */
  notes(user: string, count?: number): Promise<string[]>;
  clearNotes(): void;
  refusals(request: ApprovalRequest): Promise<string[]>;
  trail(stream: string): Promise<{ type: string; payload: Record<string, unknown> | null }[]>;
  stop(): Promise<void>;
}

/** Real Bolt, real MongoDB and the Slack simulator, talking HTTP. */
export async function startSlackBench(
  over: { deps?: (deps: SlackAppDeps) => SlackAppDeps; simulator?: SlackSimulatorOptions['options'] } = {},
): Promise<SlackBench> {
  const mongo = await startMongo();
  const anchorDir = await mkdtemp(join(tmpdir(), 'idlewise-anchors-'));
  const where = { uri: mongo.uri, database: 'slack_test' };
  const { privateKey } = generateKeyPairSync('ed25519');
  const store = await createMongoStore(where);
  const signingKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const audit = await createMongoAuditLog({ ...where, signingKeyPem, anchorDir });
  let app: SlackApp | undefined;
  const simulator = createSlackSimulator({
    signingSecret: SIGNING_SECRET,
    appUrl: () => app?.url ?? null,
    options: { botToken: BOT_TOKEN, ...over.simulator },
  });
  const simUrl = await simulator.start();
  const config = slackConfig(`${simUrl}/api/`);
  const told: Decision[] = [];
  let reply = async (decision: Decision): Promise<Delivered> => ({
    via: 'update',
    answer: await countLikeTheWorkflow(decision),
  });

  const countLikeTheWorkflow = async (decision: Decision) => {
    const request = await store.approvals.get(decision.approvalId);
    const same = (await store.approvals.decisionsOn(decision.approvalId)).filter(
      (d) => d.optionId === decision.optionId,
    );
    const required = request?.options.find((o) => o.optionId === decision.optionId)?.requiredApprovals ?? 0;
    const counted = new Set(same.map((d) => d.actor.subject)).size;
    return { accepted: true, refusal: null, approvalsCounted: counted, approvalsRequired: required };
  };

  const deps: SlackAppDeps = {
    config,
    secrets: slackSecrets,
    store,
    audit,
    policy: await loadCedarPolicy('config/policies'),
    directory: slackDirectory,
    decide: async (decision) => {
      told.push(decision);
      return reply(decision);
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    times: { redeliverEveryMs: 100 },
  };
  app = await createSlackApp(over.deps?.(deps) ?? deps);
  await app.start();
  const chat = await createSlackChat({ config, secrets: slackSecrets, directory: slackDirectory });
  let sequence = 0;

  const sim = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return (await (await fetch(`${simUrl}/__sim/${path}`, init)).json()) as Record<string, unknown>;
  };
  const trail: SlackBench['trail'] = async (stream) => {
    const rows = [];
    for await (const row of audit.stream(stream)) rows.push({ type: row.type, payload: row.payload });
    return rows;
  };

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
    ask: async (request = {}) => {
      sequence += 1;
      const approvalId = `apr-${process.pid}-${sequence}`;
      const full = ApprovalRequest.parse({
        approvalId,
        remediationId: `rem-${sequence}`,
        runId: 'run',
        round: 1,
        assetKey: card().assetKey,
        accountId: '111122223333',
        environment: 'dev',
        ownerSubject: 'ana@acme.example',
        ownerTeam: 'web',
        options: card().options.map(({ optionId, planDigest, requiredApprovals }) => ({
          optionId,
          planDigest,
          requiredApprovals,
        })),
        riskScore: 12,
        requesterSubject: null,
        createdAt: new Date().toISOString(),
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        status: 'open',
        chat: null,
        ticketId: null,
        ...request,
      });
      await store.approvals.create(full);
      const ref = await chat.postApproval(card({ approvalId }), { ownerSubject: full.ownerSubject });
      await store.approvals.attach(approvalId, { chat: { ...ref } });
      return { request: full, ref };
    },
    press: async (user, { channel, messageTs }, action) => {
      const { id: actionId, ...extra } = typeof action === 'string' ? { id: action } : action;
      return (await sim('press', { user, channel, messageTs, actionId, ...extra })) as never;
    },
    sim,
    notes: async (user, count = 1) => {
      const mine = () => simulator.world.ephemerals.filter((e) => e.user === user).map((e) => e.text);
      await until(() => mine().length >= count);
      return mine();
    },
    clearNotes: () => void simulator.world.ephemerals.splice(0),
    refusals: async (request) =>
      (await trail(`remediation/${request.remediationId}`))
        .filter((row) => row.type === 'APPROVAL_REFUSED')
        .map((row) => String(row.payload?.reason)),
    trail,
    stop: async () => {
      await app?.stop();
      await simulator.stop();
      await audit.close();
      await store.close();
      await mongo.stop();
      await rm(anchorDir, { recursive: true, force: true });
    },
  };
}

/** Waits until something is so; fails the test when it does not come to be. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 4000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
