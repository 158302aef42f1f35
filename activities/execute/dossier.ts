import { decisionsInTrail } from '../../ports/decision-trail.ts';
import { providerOf } from '../../domain/resource-kinds.ts';
import type { AuditLog } from '../../ports/audit.ts';
import { digestOf } from '../../schemas/digest.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { Verifier } from '../../ports/signing.ts';
import type { Store } from '../../ports/store.ts';
import type { AssetRef } from '../../schemas/asset.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { Plan } from '../../schemas/option.ts';
import type { CaseDocument } from '../../schemas/records.ts';
import type { ExecuteInput } from '../contracts.ts';
import { changedCase, wasAssessed } from '../shared/load-case.ts';

/** Everything the executor needs to know, loaded by itself from the store: it trusts no argument but ids. */
export interface Dossier {
  readonly plan: Plan;
  readonly asset: AssetRef;
  readonly document: CaseDocument;
  readonly approval: ApprovalRequest;
  readonly decisions: readonly Decision[];
  /** What the trail has of them, and of those that somebody took out of the records. */
  readonly inTrail: readonly Decision[];
  readonly factsWhenPlanned: CloudFacts | null;
  readonly stateWhenPlanned: string;
}

/** @throws ProviderError `terminal` when a record is missing or does not match its digest. */
export async function loadDossier(
  { store, audit, verifier }: { readonly store: Store; readonly audit: Pick<AuditLog, 'stream'>; verifier: Verifier },
  input: ExecuteInput,
): Promise<Dossier> {
  const [plan, approval, document, decisions, inTrail] = await Promise.all([
    store.cases.getPlan(input.planDigest),
    store.approvals.get(input.approvalId),
    store.cases.get(input.caseId),
    store.approvals.decisionsOn(input.approvalId),
    decisionsInTrail(audit, input),
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
  if (!wasAssessed(document, verifier)) throw changedCase(input.caseId);
  if (!document.options.some((o) => o.planDigest === input.planDigest && o.optionId === plan.action))
    throw refusal(`plan ${input.planDigest} is none of the plans that were assessed`);
  const facts = document.record.facts;
  return {
    plan,
    approval,
    document,
    decisions,
    inTrail,
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
