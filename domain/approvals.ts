import type { Environment } from '../schemas/asset.ts';
import type { Option } from '../schemas/option.ts';
import type { RiskAssessment } from '../schemas/risk.ts';
import { isProductionLike } from './environment.ts';
import { riskLevelOf } from './risk/weights.ts';

type RiskView = Pick<RiskAssessment, 'level'> & Partial<Pick<RiskAssessment, 'vetoed'>>;
type SettersView = { readonly known: boolean } | null | undefined;
type OptionView = Pick<Option, 'optionId' | 'reversibility' | 'riskOfActing'>;

/**
 * How many distinct people must agree: two for production, an unknown environment, high or critical risk of the asset
 * or of the option, where nobody can say who set the tags, and after a veto of the model; else one.
 */
export function requiredApprovals(
  { environment, tagSetters }: { readonly environment: Environment; readonly tagSetters?: SettersView },
  risk: RiskView,
  option: OptionView,
): 1 | 2 {
  if (isProductionLike(environment) || tagSetters?.known !== true || risk.vetoed === true) return 2;
  return isSevere(risk.level) || isSevere(riskLevelOf(option.riskOfActing)) ? 2 : 1;
}

/** One interaction without a second look: only a stop, only at low risk, only where one person decides. */
export function oneClickAllowed(
  asset: { readonly environment: Environment; readonly tagSetters?: SettersView },
  risk: RiskView,
  option: OptionView,
): boolean {
  return (
    option.optionId === 'stop-instance' &&
    option.reversibility === 'reversible' &&
    risk.level === 'low' &&
    riskLevelOf(option.riskOfActing) === 'low' &&
    requiredApprovals(asset, risk, option) === 1
  );
}

function isSevere(level: RiskAssessment['level']): boolean {
  return level === 'high' || level === 'critical';
}
