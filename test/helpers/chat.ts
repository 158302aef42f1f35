import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivered } from '../../decisions/types.ts';
import type { ApprovalCard, ChatPort, MessageRef } from '../../ports/chat.ts';
import { createDirectory } from '../../providers/directory/directory.ts';
import { createMongoAuditLog } from '../../providers/store/audit/create-mongo-audit-log.ts';
import type { AuditLog } from '../../ports/audit.ts';
import { createMongoStore } from '../../providers/store/mongodb/create-mongo-store.ts';
import type { Store } from '../../ports/store.ts';
import { ObjectId } from '../../sandbox/teams/people.ts';
import { ApprovalRequest, type Decision } from '../../schemas/decision.ts';
import { startMongo } from './servers.ts';

// What the tests of every chat system share: people, a card, and real records.

export const DIGEST = { stop: 'a'.repeat(64), terminate: 'b'.repeat(64) };

const person = (name: string, ids: { slack: string[]; teams: string[] }, groups: string[]) => ({
  subject: `${name}@acme.example`,
  displayName: name[0]?.toUpperCase() + name.slice(1),
  slackUserIds: ids.slack,
  teamsUserIds: ids.teams,
  groups,
  publicKeys: [],
  iamPrincipals: [`${name}.iam`],
});

/** Ana has two accounts; Slack finds Ben by his verified address; Dev is known but no approver; Mallory is nobody. */
export const chatDirectory = createDirectory({
  finopsGroup: 'finops',
  servicePrincipals: [],
  people: [
    person('ana', { slack: ['U0ANA', 'U0ANA2'], teams: [ObjectId.ana, ObjectId.anaMobile] }, ['approvers']),
    person('ben', { slack: [], teams: [ObjectId.ben] }, ['approvers']),
    person('cleo', { slack: ['U0CLEO'], teams: [ObjectId.cleo.toUpperCase()] }, ['approvers']),
    person('dev', { slack: ['U0DEV'], teams: [ObjectId.dev] }, ['team-web']),
  ],
});

export function card(over: Partial<ApprovalCard> = {}): ApprovalCard {
  const option = {
    label: 'Secure stop',
    reversibility: 'reversible' as const,
    monthlySaving: { amount: '61.32', currency: 'USD' },
    savingBasis: 'billed' as const,
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
        command: 'aws ec2 stop-instances --instance-ids i-0123456789abcdef0',
        planDigest: DIGEST.stop,
      },
      {
        ...option,
        optionId: 'snapshot-and-terminate-instance',
        label: 'Snapshot & terminate',
        reversibility: 'restorable',
        requiredApprovals: 2,
        oneClick: false,
        command: 'aws ec2 create-snapshots --instance-specification InstanceId=i-0123456789abcdef0',
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

export interface ChatRecords {
  readonly store: Store;
  readonly audit: AuditLog;
  /** A stored, posted request under a fresh id, so that tests cannot meet each other. */
  ask(chat: ChatPort, over?: Partial<ApprovalRequest>): Promise<{ request: ApprovalRequest; ref: MessageRef }>;
  /** Reasons of the refusals in the request's own trail. */
  refusals(request: ApprovalRequest): Promise<string[]>;
  trail(stream: string): Promise<{ type: string; payload: Record<string, unknown> | null }[]>;
  /** What the workflow would answer. */
  countLikeTheWorkflow(decision: Decision): Promise<Delivered>;
  stop(): Promise<void>;
}

/** A real MongoDB (or its stand-in) with the store and the trail in it. */
export async function startChatRecords(database: string): Promise<ChatRecords> {
  const mongo = await startMongo();
  const anchorDir = await mkdtemp(join(tmpdir(), 'idlewise-anchors-'));
  const where = { uri: mongo.uri, database };
  const { privateKey } = generateKeyPairSync('ed25519');
  const store = await createMongoStore(where);
  const signingKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const audit = await createMongoAuditLog({ ...where, signingKeyPem, anchorDir });
  let sequence = 0;

  const trail: ChatRecords['trail'] = async (stream) => {
    const rows = [];
    for await (const row of audit.stream(stream)) rows.push({ type: row.type, payload: row.payload });
    return rows;
  };

  return {
    store,
    audit,
    trail,
    ask: async (chat, over = {}) => {
      sequence += 1;
      const approvalId = `apr_${process.pid}_${sequence}`;
      const request = ApprovalRequest.parse({
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
        ...over,
      });
      await store.approvals.create(request);
      const ref = await chat.postApproval(card({ approvalId }), { ownerSubject: request.ownerSubject });
      await store.approvals.attach(approvalId, { chat: { ...ref } });
      return { request, ref };
    },
    refusals: async (request) =>
      (await trail(`remediation/${request.remediationId}`))
        .filter((row) => row.type === 'APPROVAL_REFUSED')
        .map((row) => String(row.payload?.['reason'])),
    countLikeTheWorkflow: async (decision) => {
      const request = await store.approvals.get(decision.approvalId);
      const decisions = await store.approvals.decisionsOn(decision.approvalId);
      const same = decisions.filter((d) => d.optionId === decision.optionId);
      const required = request?.options.find((o) => o.optionId === decision.optionId)?.requiredApprovals ?? 0;
      const counted = new Set(same.map((d) => d.actor.subject)).size;
      const answer = { accepted: true, refusal: null, approvalsCounted: counted, approvalsRequired: required };
      return { via: 'update', answer };
    },
    stop: async () => {
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

/** The same object whose every call fails while `down` says so: a database that went away. */
export function failing<T extends object>(part: T, down: () => boolean): T {
  return new Proxy(part, {
    get: (target, name) => {
      const member = target[name as keyof T];
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (!down()) return member.apply(target, args);
        return name === 'stream' ? gone() : Promise.reject(new Error('down'));
      };
    },
  });
}

/** A stream whose reader finds out only when it reads. */
function gone(): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('down')) }) };
}

/** A simulator's admin interface: GET without a body, POST with one. */
export function adminOf(url: string): (path: string, body?: unknown) => Promise<Record<string, unknown>> {
  return async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers };
    return (await (await fetch(`${url}/__sim/${path}`, init)).json()) as Record<string, unknown>;
  };
}
