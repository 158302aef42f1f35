import { decisionEventId } from '../../ports/decision-trail.ts';
import { providerOf } from '../../domain/resource-kinds.ts';
import type { AuditLog } from '../../ports/audit.ts';
import { digestOf } from '../../schemas/digest.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { Store } from '../../ports/store.ts';
import type { AssetRef } from '../../schemas/asset.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { Plan } from '../../schemas/option.ts';
import type { CaseDocument } from '../../schemas/records.ts';
import type { ExecuteInput } from '../contracts.ts';

/** Everything the executor needs to know, loaded by itself from the store: it trusts no argument but ids. */
export interface Dossier {
  readonly plan: Plan;
  readonly asset: AssetRef;
  readonly document: CaseDocument;
  readonly approval: ApprovalRequest;
  readonly decisions: readonly Decision[];
  /** Ids of those that the trail has, too. */
  readonly inTrail: ReadonlySet<string>;
  readonly factsWhenPlanned: CloudFacts | null;
  readonly stateWhenPlanned: string;
  /** The first phase ended with every snapshot verified. */
  readonly snapshotsPrepared: boolean;
}

/** @throws ProviderError `terminal` when a record is missing or does not match its digest. */
export async function loadDossier(
  { store, audit }: { readonly store: Store; readonly audit: Pick<AuditLog, 'has'> },
  input: ExecuteInput,
): Promise<Dossier> {
  const [plan, approval, document, decisions, prepared] = await Promise.all([
    store.cases.getPlan(input.planDigest),
    store.approvals.get(input.approvalId),
    store.cases.get(input.caseId),
    store.approvals.decisionsOn(input.approvalId),
    store.cases.getEvidence(`${input.planDigest}/apply`),
  ]);
  if (!plan) throw refusal(`no plan is stored under digest ${input.planDigest}`);
  if (digestOf(plan) !== input.planDigest)
    throw refusal(`the stored plan does not match its digest ${input.planDigest}`);
  if (!approval) throw refusal(`no approval request ${input.approvalId}`);
  if (!document) throw refusal(`no case ${input.caseId}`);
  if (
    plan.remediationId !== input.remediationId ||
    approval.remediationId !== input.remediationId ||
    document.remediationId !== input.remediationId
  )
    throw refusal('plan, approval and case belong to different remediations');
  const facts = document.record.facts;
  const known = await Promise.all(
    decisions.map(async ({ decisionId }) => ((await audit.has(decisionEventId(decisionId))) ? [decisionId] : [])),
  );
  return {
    plan,
    approval,
    document,
    decisions,
    inTrail: new Set(known.flat()),
    asset: {
      assetKey: plan.assetKey,
      provider: providerOf(plan.resourceType),
      accountId: plan.accountId,
      region: plan.region,
      resourceType: plan.resourceType,
      resourceId: plan.resourceId,
    },
    factsWhenPlanned: facts,
    stateWhenPlanned: facts?.state ?? 'unknown',
    snapshotsPrepared: prepared?.['result'] === 'prepared',
  };
}

function refusal(message: string): ProviderError {
  return new ProviderError({
    kind: 'terminal',
    provider: 'idlewise',
    operation: 'execute',
    message: `${message}; nothing was changed`,
  });
}
