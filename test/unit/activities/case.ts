import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { CmdbRecord } from '../../../schemas/cmdb.ts';
import type { Plan } from '../../../schemas/option.ts';
import type { CaseDocument } from '../../../schemas/records.ts';

export const NOW = new Date('2026-03-02T09:00:00.000Z');
export const REMEDIATION = 'remediate/acme/i-0aaaaaaaaaaaaaaaa/ec2-idle';

/** A configuration item that speaks against nothing. */
export const HARMLESS: CmdbRecord = {
  ciId: 'ci-1',
  resourceId: '',
  name: 'web-1',
  environment: null,
  criticality: 4,
  ownerEmail: null,
  supportGroup: null,
  operationalStatus: null,
  maintenanceWindow: null,
  disasterRecoveryRole: null,
  dependents: [],
  openIncidents: [],
};

export function caseOf(facts: CloudFacts, over: Partial<CaseDocument> = {}): CaseDocument {
  return {
    caseId: 'case-1',
    remediationId: REMEDIATION,
    round: 1,
    environment: 'dev',
    tagSetters: { known: true, subjects: [] },
    owner: { subject: 'owner@example.com', team: 'web', source: 'tag' },
    verdict: {
      ruleId: 'ec2-idle',
      ruleVersion: '1',
      verdict: 'idle',
      confidence: 98,
      windowDays: 14,
      coverage: { expected: 336, observed: 336, ratio: 1 },
      evidence: [],
      reasons: [],
    },
    risk: {
      baseScore: 15,
      score: 15,
      level: 'low',
      reasonCodes: [],
      vetoed: false,
      questions: [],
      summary: null,
      assessor: 'rules',
      modelFailure: null,
      confidence: 98,
      exposureScore: 0,
    },
    options: [],
    recommended: 'stop-instance',
    createdAt: NOW.toISOString(),
    record: {
      asset: {
        assetKey: facts.assetKey,
        provider: 'aws',
        accountId: facts.accountId,
        region: facts.region,
        resourceType: facts.resourceType,
        resourceId: facts.resourceId,
        name: 'web-1',
        createdAt: null,
        tags: facts.tags,
      },
      facts,
      metrics: [],
      cost: null,
      posture: null,
      cmdb: null,
      observedAt: NOW.toISOString(),
    },
    ...over,
  };
}

/** The option of a case that leads to this plan. */
export function plannedOption(plan: Plan, planDigest: string): CaseDocument['options'][number] {
  return {
    optionId: plan.action,
    label: plan.action,
    reversibility: plan.reversibility,
    monthlySaving: null,
    savingBasis: null,
    savingNote: '',
    riskOfActing: 5,
    steps: [],
    command: '',
    terraform: '',
    rollback: '',
    blockers: [],
    parameters: {},
    planDigest,
    requiredApprovals: 1,
    oneClick: false,
  };
}
