import { readFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ExecuteInput } from '../../../activities/contracts.ts';
import { createExecuteActivities, type ExecuteDeps } from '../../../activities/execute/execute-change.ts';
import { parseConfig } from '../../../config/load.ts';
import type { Config } from '../../../config/schema.ts';
import { decisionEvent } from '../../../ports/decision-trail.ts';
import type { PeoplePort } from '../../../ports/people.ts';
import { refuse } from '../../../ports/refusals.ts';
import type { Verifier } from '../../../ports/signing.ts';
import { caseOf, HARMLESS, NOW, plannedOption, REMEDIATION } from './case.ts';
import { executionStatement } from '../../../ports/statements.ts';
import { planRelevantFacts } from '../../../domain/state-facts.ts';
import type { ActionResult, CloudExecutor } from '../../../ports/cloud.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { ProviderError } from '../../../ports/errors.ts';
import { loadCedarPolicy } from '../../../providers/policy/cedar/create-cedar-policy.ts';
import type { CloudFacts, InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { CmdbRecord } from '../../../schemas/cmdb.ts';
import type { Decision } from '../../../schemas/decision.ts';
import type { Plan } from '../../../schemas/option.ts';
import type { StepOutcome } from '../../../schemas/outcome.ts';
import type { Posture } from '../../../schemas/posture.ts';
import { memoryAudit, memoryRecords } from '../../helpers/memory-records.ts';
import { instanceFacts, planFor } from '../executor/facts.ts';
import { ROLE_KEYS, signedCase, signedDecision } from '../../helpers/signing.ts';
/** Deliberate failures are no news. */
const QUIET = new DefaultLogger('ERROR', () => undefined);
export { caseOf, NOW, REMEDIATION };
const root = (path: string) => new URL(`../../../${path}`, import.meta.url);

export const policy = await loadCedarPolicy(root('config/policies').pathname);

/** The example configuration, with nothing in the way: no freeze, no window, everybody asked. */
export function testConfig(): Config {
  const config = parseConfig(readFileSync(root('config/example.yaml'), 'utf8'), 'config/example.yaml');
  config.policy.changeWindow = null;
  config.policy.freezes = [];
  const [account] = config.accounts;
  if (account) Object.assign(account, { accountId: '111111111111', phase: 'approve', phaseByRegion: {} });
  return config;
}

interface Cloud {
  facts: CloudFacts | null;
  preflight: string[];
  /** CPU maxima of the last hours; null: CloudWatch has none. */
  cpu: number[] | null;
  incidents: string[];
  cmdb: Partial<CmdbRecord>;
  /** What the CNAPP says now; an error is thrown. Null: it has never seen the asset. */
  posture: Posture | Error | null;
  groups: Map<string, string[]>;
  /** Subjects whose account was closed, accounts put out of the group. */
  left: Set<string>;
  /** What happens to whoever asks about people. */
  asking: Error | null;
  /** Calls that would have changed the cloud. */
  effects: string[];
  identities: { decisionId: string }[];
  /** What happens after the INTENT and the call; a throw is a crash. */
  afterCall: () => void;
  answer: ActionResult;
}

export type ExecutionRig = Awaited<ReturnType<typeof executionRig>>;

/** The executor's activity over a scripted cloud and records in memory, judged by the real policies. */
export async function executionRig(over: { facts?: Partial<InstanceFacts>; plan?: Partial<Plan> } = {}) {
  const facts = instanceFacts(over.facts);
  const plan: Plan = {
    ...planFor('stop-instance', facts),
    remediationId: REMEDIATION,
    stateDigest: digestOf(planRelevantFacts(facts)),
    ...over.plan,
  };
  const planDigest = digestOf(plan);
  const records = memoryRecords();
  const audit = memoryAudit();
  const config = testConfig();
  const asked: string[] = [];
  const trusted: Verifier[] = [ROLE_KEYS.verifier];
  const cloud: Cloud = {
    facts,
    preflight: [],
    cpu: [0.4, 1.1],
    incidents: [],
    cmdb: {},
    posture: null,
    groups: new Map([
      ['ann@example.com', ['approvers']],
      ['ben@example.com', ['approvers']],
      ['dev@example.com', ['web']],
    ]),
    left: new Set(),
    asking: null,
    effects: [],
    identities: [],
    afterCall: () => undefined,
    answer: { result: 'applied', detail: {} },
  };
  const act =
    (step: string): CloudExecutor['apply'] =>
    async (_plan, _facts, log, identity) => {
      await log.assertNotKilled();
      await log.intent(step, { state: 'running' });
      cloud.effects.push(step);
      cloud.identities.push(identity);
      cloud.afterCall();
      await log.assertNotKilled();
      await log.result(step, { state: 'stopped' });
      return cloud.answer;
    };
  const clock = { now: NOW };
  /** Everybody is who they were, except who left. */
  const people: PeoplePort = {
    async identify(account) {
      const subject = `${account}@example.com`;
      if (cloud.asking instanceof Error) return refuse('slack-unavailable', cloud.asking.message);
      if (cloud.left.has(subject)) return refuse('deactivated-user');
      return { subject, displayName: account, groups: [], slackUserIds: [], teamsUserIds: [] };
    },
    mayApprove: async (account) => (cloud.left.has(account) ? refuse('not-an-approver') : true),
  };
  const deps: ExecuteDeps = {
    config,
    audit,
    store: records.store,
    policy: {
      ...policy,
      decideMutation(request) {
        asked.push(request.action);
        return policy.decideMutation(request);
      },
    },
    executor: {
      vendor: 'scripted',
      describe: async () => cloud.facts,
      preflight: async () => cloud.preflight,
      apply: act('stop'),
      complete: act('terminate'),
      rollback: act('rollback-start'),
    },
    utilisation: {
      vendor: 'scripted',
      check: async () => '',
      fetch: async (window, [request]) => {
        const { assetKey } = request?.asset ?? facts;
        const { start, periodSeconds } = window;
        const series = cloud.cpu && {
          metric: 'CPUUtilization',
          statistic: 'Maximum' as const,
          unit: 'Percent',
          start,
          periodSeconds,
          values: cloud.cpu,
        };
        return { series: new Map(series ? [[assetKey, [series]]] : []), incomplete: new Map(), requests: 1 };
      },
    },
    cmdb: {
      vendor: 'scripted',
      check: async () => '',
      lookup: async ([id = '']) => ({
        records: new Map([[id, { ...HARMLESS, resourceId: id, ...cloud.cmdb, openIncidents: cloud.incidents }]]),
        rejected: [],
      }),
    },
    cnapp: {
      async posture() {
        if (cloud.posture instanceof Error) throw cloud.posture;
        if (cloud.posture) return cloud.posture;
        throw new ProviderError({
          kind: 'not-found',
          provider: 'scripted',
          operation: 'posture',
          message: 'never seen',
        });
      },
    },
    directory: { groupsOf: (subject) => cloud.groups.get(subject) ?? null },
    signer: ROLE_KEYS.signers['role:execute'],
    people: { slack: people, teams: people },
    verifier: { signerOf: (...ask) => trusted.map((v) => v.signerOf(...ask)).find((name) => name !== null) ?? null },
    freshness: {
      spanMs: 3_600_000,
      busyCpuPercent: 15,
      busyAcceleratorPercent: 5,
      busyRequests: 10,
      busyBytes: 1_000_000,
    },
    clock: () => clock.now,
  };
  records.plans.set(planDigest, plan);
  records.cases.set('case-1', caseOf(facts));
  records.approvals.set('approval-1', {
    approvalId: 'approval-1',
    remediationId: REMEDIATION,
    runId: 'run-1',
    round: 1,
    assetKey: facts.assetKey,
    accountId: facts.accountId,
    environment: 'dev',
    ownerSubject: 'owner@example.com',
    ownerTeam: 'web',
    options: [{ optionId: plan.action, planDigest, requiredApprovals: 1 }],
    riskScore: 15,
    requesterSubject: null,
    tagSetters: { known: true, subjects: [] },
    createdAt: '2026-03-01T09:00:00.000Z',
    expiresAt: '2026-03-10T09:00:00.000Z',
    status: 'decided',
    chat: null,
    ticketId: null,
  });
  const decide = (by: string, change: Partial<Decision> = {}, { inTrail = true } = {}): void => {
    const decision: Decision = {
      decisionId: `d-${by}-${records.decisions.length}`,
      approvalId: 'approval-1',
      remediationId: REMEDIATION,
      kind: 'approve',
      optionId: plan.action,
      planDigest,
      reason: null,
      snoozeUntil: null,
      actor: { subject: `${by}@example.com`, displayName: by, via: 'slack', externalId: by },
      decidedAt: '2026-03-02T08:00:00.000Z',
      ...change,
    };
    records.decisions.push(decision);
    const actor = { kind: 'human', id: decision.actor.subject } as const;
    if (inTrail) audit.entries.push(decisionEvent(decision, { actor, about: {} }));
  };
  const activities = createExecuteActivities(deps);
  const option = plannedOption(plan, planDigest);
  /** As the processes leave it that may: the case, and every decision that has no signature yet. */
  const seal = (): void => {
    for (const [id, document] of records.cases)
      records.cases.set(
        id,
        signedCase({ ...document, options: document.options.length > 0 ? document.options : [option] }),
      );
    for (const [i, decision] of records.decisions.entries()) {
      const approval = records.approvals.get(decision.approvalId);
      const { via } = decision.actor;
      if (decision.signature !== undefined || !approval || (via !== 'slack' && via !== 'teams')) continue;
      const signed = signedDecision(decision, approval, ROLE_KEYS.signers[`role:${via}`]);
      records.decisions[i] = signed;
      const at = audit.entries.findIndex((e) => e.payload['decisionId'] === decision.decisionId);
      const entry = audit.entries[at];
      if (entry) audit.entries[at] = { ...entry, payload: { ...entry.payload, ...signed } };
    }
  };
  return {
    trust: (verifier: Verifier) => void trusted.push(verifier),
    seal,
    /** As this executor notes that the first phase ended with its snapshots verified. */
    prepared(at: Date): void {
      const body = { result: 'prepared', at: at.toISOString() };
      const statement = executionStatement({ remediationId: REMEDIATION, planDigest, about: 'apply', body });
      const signature = ROLE_KEYS.signers['role:execute'].sign('execution', statement);
      records.evidence.set(`${planDigest}/apply`, { ...body, signature });
    },
    facts,
    plan,
    planDigest,
    records,
    audit,
    config,
    cloud,
    clock,
    decide,
    asked,
    run(
      step: ExecuteInput['step'] = 'apply',
      change: Partial<ExecuteInput> = {},
      { sealed = true } = {},
    ): Promise<StepOutcome> {
      if (sealed) seal();
      const input: ExecuteInput = {
        remediationId: REMEDIATION,
        runId: 'run-1',
        caseId: 'case-1',
        approvalId: 'approval-1',
        planDigest,
        step,
        ...change,
      };
      return new MockActivityEnvironment({}, { logger: QUIET }).run(activities.executeChange, input);
    },
  };
}

/** A rig on which everything says yes and one approver has approved. */
export async function approved(...options: Parameters<typeof executionRig>): Promise<ExecutionRig> {
  const rig = await executionRig(...options);
  rig.decide('ann');
  return rig;
}
