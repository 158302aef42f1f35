import type { Config } from '../../config/schema.ts';
import { requiredApprovals } from '../../domain/approvals.ts';
import { environmentOf, moreDangerous } from '../../domain/environment.ts';
import { baseRisk } from '../../domain/risk/base-risk.ts';
import { riskLevelOf } from '../../domain/risk/weights.ts';
import type { Environment } from '../../schemas/asset.ts';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { CmdbRecord } from '../../schemas/cmdb.ts';
import type { Plan } from '../../schemas/option.ts';
import type { CaseDocument } from '../../schemas/records.ts';

export interface JudgedNow {
  readonly environment: Environment;
  /** 0–100; 100 when nobody assessed it. */
  readonly risk: number;
  readonly confidence: number;
  readonly requiredApprovals: 1 | 2;
}

/**
 * What the executor makes of an asset by itself, from facts and CMDB read just now. Of what was assessed and what it sees, the
 * worse counts: another role's mistake, or somebody in its place, can only make it stricter.
 */
export function judgeNow(
  {
    plan,
    document,
    facts,
    cmdb,
  }: {
    readonly plan: Plan;
    readonly document: CaseDocument;
    readonly facts: CloudFacts;
    readonly cmdb: CmdbRecord | null;
  },
  tagKeys: Config['policy']['environmentTagKeys'],
): JudgedNow {
  const record = { ...document.record, facts, cmdb: cmdb ?? document.record.cmdb };
  const environment = moreDangerous(document.environment, environmentOf(record, tagKeys).environment);
  const { risk: assessed } = document;
  const risk = Math.max(assessed?.score ?? 100, baseRisk(record, environment).score);
  const option = document.options.find((o) => o.optionId === plan.action);
  const view = { level: riskLevelOf(risk), vetoed: assessed?.vetoed ?? true };
  const needed = option ? requiredApprovals({ environment, tagSetters: document.tagSetters }, view, option) : 2;
  return {
    environment,
    risk,
    confidence: view.vetoed ? 0 : Math.min(assessed?.confidence ?? 0, document.verdict.confidence),
    requiredApprovals: needed === 2 || plan.requiredApprovals === 2 ? 2 : 1,
  };
}
