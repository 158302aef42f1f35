import type { Environment } from '../schemas/asset.ts';
import type { Option } from '../schemas/option.ts';
import type { RiskAssessment } from '../schemas/risk.ts';
import { isProductionLike } from './environment.ts';
import { riskLevelOf } from './risk/weights.ts';

type RiskView = Pick<RiskAssessment, 'level'> & Partial<Pick<RiskAssessment, 'vetoed'>>;
type OptionView = Pick<Option, 'optionId' | 'reversibility' | 'riskOfActing'>;

/**
 * How many distinct people must agree: two for production, an unknown environment, high or critical risk of the asset
 * or of the option, and after a veto of the model; else one.
 */
export function requiredApprovals(environment: Environment, risk: RiskView, option: OptionView): 1 | 2 {
  if (isProductionLike(environment) || risk.vetoed === true) return 2;
  return isSevere(risk.level) || isSevere(riskLevelOf(option.riskOfActing)) ? 2 : 1;
}

/** One interaction without a second look: only a stop, only at low risk, only where one person decides. */
export function oneClickAllowed(environment: Environment, risk: RiskView, option: OptionView): boolean {
  return (
    option.optionId === 'stop-instance' &&
    option.reversibility === 'reversible' &&
    risk.level === 'low' &&
    riskLevelOf(option.riskOfActing) === 'low' &&
    requiredApprovals(environment, risk, option) === 1
  );
}

function isSevere(level: RiskAssessment['level']): boolean {
  return level === 'high' || level === 'critical';
}
