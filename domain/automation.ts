import type { Environment } from '../schemas/asset.ts';
import type { Option } from '../schemas/option.ts';
import type { RiskAssessment } from '../schemas/risk.ts';
import { EVIDENCE_FIRST } from './risk/base-risk.ts';
import { LOW_MAX } from './risk/weights.ts';

/** The same numbers as the policy `exec-automated-low-risk`; the policy has the last word. */
export const AUTOMATION_MAX_RISK = LOW_MAX;
export const AUTOMATION_MIN_CONFIDENCE = 95;
const AUTOMATION_ENVIRONMENTS: readonly Environment[] = ['dev', 'sandbox'];

export interface AutomationQuestion {
  readonly phase: 'observe' | 'approve' | 'automate';
  readonly environment: Environment;
  readonly risk: Pick<RiskAssessment, 'score' | 'vetoed' | 'assessor' | 'modelFailure' | 'reasonCodes' | 'confidence'>;
  readonly option: Pick<Option, 'reversibility' | 'riskOfActing' | 'blockers' | 'monthlySaving' | 'savingBasis'> | null;
}

export interface AutomationDecision {
  readonly allowed: boolean;
  /** Every reason why not, so that a person sees what would have to change; empty when allowed. */
  readonly reasons: readonly string[];
}

/** May the policy decide instead of a person? Reversible, non-production, low risk, sure, and nothing left open. */
export function automationDecision(q: AutomationQuestion): AutomationDecision {
  const reasons: string[] = [];
  if (q.phase !== 'automate') reasons.push(`phase-${q.phase}`);
  if (!AUTOMATION_ENVIRONMENTS.includes(q.environment)) reasons.push(`environment-${q.environment}`);
  const { risk, option } = q;
  if (option === null) reasons.push('no-option');
  else {
    if (option.reversibility !== 'reversible') reasons.push(`option-${option.reversibility}`);
    if (!(option.riskOfActing <= AUTOMATION_MAX_RISK)) reasons.push('option-risk-above-low');
    for (const blocker of option.blockers) reasons.push(`blocked:${blocker}`);
    if (option.monthlySaving === null) reasons.push('saving-unknown');
    // A list price knows nothing of discounts and commitments: what looks like a saving may be none.
    else if (option.savingBasis !== 'billed') reasons.push('saving-not-billed');
  }
  if (!(risk.score <= AUTOMATION_MAX_RISK)) reasons.push('risk-above-low');
  if (!(risk.confidence >= AUTOMATION_MIN_CONFIDENCE)) reasons.push('confidence-below-95');
  if (risk.vetoed) reasons.push('model-veto');
  if (risk.assessor === 'rules' && risk.modelFailure !== null && risk.modelFailure !== 'not-configured')
    reasons.push(`model-failed:${risk.modelFailure}`);
  if (risk.reasonCodes.includes(EVIDENCE_FIRST)) reasons.push(EVIDENCE_FIRST);
  if (risk.reasonCodes.includes('INJECTION_SUSPECTED')) reasons.push('injection-suspected');
  return { allowed: reasons.length === 0, reasons };
}
