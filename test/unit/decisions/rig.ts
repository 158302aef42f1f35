import { establishAuthority } from '../../../activities/execute/authority.ts';
import { decisionEventId, decisionsInTrail } from '../../../ports/decision-trail.ts';
import { createDecisionService, type DecisionServiceDeps } from '../../../decisions/service.ts';
import type { Answer, DecisionRequest } from '../../../decisions/types.ts';
import { policyAsset } from '../../../domain/policy-asset.ts';
import type { DirectoryPerson } from '../../../ports/directory.ts';
import { loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import { digestPrefix } from '../../../providers/chat/buttons.ts';
import type { ApprovalRequest, Decision } from '../../../schemas/decision.ts';
import type { Plan } from '../../../schemas/option.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { ROLE_KEYS } from '../../helpers/signing.ts';

export const NOW = Date.parse('2026-03-02T09:00:00.000Z');
export const DIGEST = 'a'.repeat(64);
export const policy = await loadCedarPolicy('config/policies');

export const ANA: DirectoryPerson = {
  subject: 'ana@acme.example',
  displayName: 'Ana',
  groups: ['approvers'],
  slackUserIds: [],
  teamsUserIds: [],
};

export const REQUEST: ApprovalRequest = {
  approvalId: 'apr_1',
  remediationId: 'remediate/acme/i-1/ec2-idle',
  runId: 'run',
  round: 1,
  assetKey: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1',
  accountId: '111122223333',
  environment: 'dev',
  ownerSubject: 'owner@acme.example',
  ownerTeam: 'web',
  options: [{ optionId: 'stop-instance', planDigest: DIGEST, requiredApprovals: 1 }],
  riskScore: 10,
  requesterSubject: null,
  tagSetters: { known: true, subjects: [] },
  createdAt: '2026-03-02T08:00:00.000Z',
  expiresAt: '2026-03-05T08:00:00.000Z',
  status: 'open',
  chat: null,
  ticketId: null,
};

export const APPROVE: Answer = {
  kind: 'approve',
  approvalId: REQUEST.approvalId,
  optionId: 'stop-instance',
  digest: digestPrefix(DIGEST),
};

let requests = 0;
export function request(answer: Answer, over: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    channel: 'slack',
    answer,
    externalId: 'U1',
    requestHash: `request-${++requests}`,
    origin: {},
    problem: null,
    identify: async () => ANA,
    mayApprove: async () => true,
    ...over,
  };
}

/** Records and a trail that outlive the processes which use them, and a workflow that counts what it is told. */
export function decisionRig() {
  const records = memoryRecords();
  const audit = memoryAudit();
  records.approvals.set(REQUEST.approvalId, REQUEST);
  const told = new Map<string, Decision>();
  const deps: DecisionServiceDeps = {
    channel: 'slack',
    store: records.store,
    audit,
    policy,
    signer: ROLE_KEYS.signers['role:slack'],
    verifier: ROLE_KEYS.verifier,
    deliver: async (decision) => {
      told.set(decision.decisionId, decision);
      return { via: 'signal', answer: null };
    },
    now: () => NOW,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    redeliverEveryMs: 2,
    searchEveryMs: 0,
  };
  return {
    records,
    audit,
    told,
    deps,
    service: (over: Partial<DecisionServiceDeps> = {}) => createDecisionService({ ...deps, ...over }),
    inTrail: () => audit.entries.filter((e) => e.eventId.startsWith(decisionEventId(''))),
    /** Who the executor would act for, now. */
    async approvers(): Promise<readonly string[]> {
      return establishAuthority(
        {
          plan: { action: 'stop-instance', assetKey: REQUEST.assetKey } as Plan,
          planDigest: DIGEST,
          approval: REQUEST,
          decisions: records.decisions,
          inTrail: await decisionsInTrail(audit, REQUEST),
          standing: new Map(records.decisions.map((d) => [d.decisionId, true])),
          asset: policyAsset({
            assetKey: REQUEST.assetKey,
            environment: 'dev',
            accountId: REQUEST.accountId,
            owner: REQUEST.ownerSubject,
            tags: {},
            facts: null,
            tagSetters: { known: true, subjects: [] },
          }),
        },
        { policy, verifier: ROLE_KEYS.verifier, directory: { groupsOf: () => ANA.groups } },
      ).approvers;
    },
  };
}
export type DecisionRig = ReturnType<typeof decisionRig>;

/** Lets other work go on until something is so. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; !(await condition()); turns++) {
    if (turns > 2000) throw new Error(`never came to be: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
