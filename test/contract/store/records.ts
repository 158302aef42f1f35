import type { ApprovalRequest, Decision } from '../../../schemas/decision.ts';
import type { Plan } from '../../../schemas/option.ts';
import type { AssetDocument, LedgerEntry, Opportunity, RemediationDocument } from '../../../schemas/records.ts';

/** Valid records with everything overridable, for the contract tests of the store. */
export const T0 = '2026-03-02T09:00:00.000Z';

const verdict: Opportunity['verdict'] = {
  ruleId: 'ec2-idle',
  ruleVersion: '1',
  verdict: 'idle',
  confidence: 90,
  windowDays: 14,
  coverage: { expected: 336, observed: 336, ratio: 1 },
  evidence: [],
  reasons: [],
};

export function asset(id: string, over: { tags?: Record<string, string>; accountId?: string; sweepId?: string } = {}) {
  const { tags = { Name: id }, accountId = '111111111111', sweepId = 's1' } = over;
  const assetKey = `arn:aws:ec2:eu-west-1:${accountId}:instance/${id}`;
  return {
    sweepId,
    environment: 'dev',
    verdicts: [verdict],
    asset: {
      assetKey,
      provider: 'aws',
      accountId,
      region: 'eu-west-1',
      resourceType: 'AWS::EC2::Instance',
      resourceId: id,
      name: id,
      createdAt: null,
      tags,
    },
    facts: null,
    metrics: [],
    cost: null,
    posture: null,
    cmdb: null,
    observedAt: T0,
  } satisfies AssetDocument;
}

export function opportunity(id: string, over: Partial<Opportunity> = {}): Opportunity {
  return {
    opportunityId: id,
    assetKey: `arn:${id}`,
    ruleId: 'ec2-idle',
    sweepId: 's1',
    verdict,
    monthlySaving: { amount: '0.1000000000000000055511151231257827', currency: 'USD' },
    priority: 1,
    foundAt: T0,
    ...over,
  };
}

export function plan(over: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    remediationId: 'r1',
    assetKey: 'arn:x',
    accountId: '111111111111',
    region: 'eu-west-1',
    resourceType: 'AWS::EC2::Instance',
    resourceId: 'i-1',
    ruleId: 'ec2-idle',
    action: 'resize-instance',
    parameters: { targetInstanceType: 't3.small', 'odd.$key': 'x' },
    stateDigest: 'abc',
    expectedMonthlySaving: { amount: '12.50', currency: 'USD' },
    reversibility: 'reversible',
    requiredApprovals: 1,
    rollback: 'resize back',
    createdAt: T0,
    ...over,
  };
}

export function approval(id: string, over: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    approvalId: id,
    remediationId: 'r1',
    runId: 'run1',
    round: 1,
    assetKey: 'arn:x',
    accountId: '111111111111',
    environment: 'prod',
    ownerSubject: 'owner@example.com',
    ownerTeam: 'web',
    options: [{ optionId: 'stop-instance', planDigest: 'd1', requiredApprovals: 2 }],
    riskScore: 40,
    requesterSubject: null,
    createdAt: T0,
    expiresAt: '2026-03-09T09:00:00.000Z',
    status: 'open',
    chat: null,
    ticketId: null,
    ...over,
  };
}

export function decision(id: string, over: Partial<Decision> & { subject?: string } = {}): Decision {
  const { subject = 'ann@example.com', ...rest } = over;
  return {
    decisionId: id,
    approvalId: 'a1',
    remediationId: 'r1',
    kind: 'approve',
    optionId: 'stop-instance',
    planDigest: 'd1',
    reason: null,
    snoozeUntil: null,
    actor: { subject, displayName: subject, via: 'slack', externalId: 'U1' },
    decidedAt: T0,
    ...rest,
  };
}

export function ledger(over: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    assetKey: 'arn:x',
    ruleId: 'ec2-idle',
    kind: 'snoozed',
    until: '2026-04-01T00:00:00Z',
    remediationId: 'r1',
    reason: null,
    at: T0,
    ...over,
  };
}

export function remediation(id: string, over: Partial<RemediationDocument> = {}): RemediationDocument {
  return {
    remediationId: id,
    runId: 'run1',
    assetKey: 'arn:x',
    accountId: '111111111111',
    region: 'eu-west-1',
    assetName: 'web-1',
    ruleId: 'ec2-idle',
    stage: 'gathering',
    outcome: null,
    reasons: [],
    riskLevel: null,
    environment: 'dev',
    ownerTeam: null,
    monthlySaving: null,
    action: null,
    approvalId: null,
    ticket: null,
    decisionDueAt: null,
    startedAt: T0,
    updatedAt: T0,
    ...over,
  };
}
