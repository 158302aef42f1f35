import { selectOpportunity } from '../../domain/detection/select-opportunity.ts';
import { buildOptions } from '../../domain/options.ts';
import { priorityOf } from '../../domain/priority.ts';
import { recommendOption } from '../../domain/recommend.ts';
import { baseRisk } from '../../domain/risk/base-risk.ts';
import { sha256 } from '../../schemas/digest.ts';
import type { AssetDocument, Opportunity } from '../../schemas/records.ts';
import type { Rule } from '../../schemas/rules.ts';

/** The one opportunity of an asset, ranked; null when no rule that leads to an action found it idle. */
export function opportunityOf(
  document: AssetDocument,
  context: { rules: readonly Rule[]; sweepId: string; now: Date },
): Opportunity | null {
  const selected = selectOpportunity(document.verdicts, context.rules);
  if (selected === null) return null;
  const { verdict, rule } = selected;
  const options = buildOptions({ record: document, verdict, environment: document.environment, rules: context.rules });
  const risk = baseRisk(document, document.environment);
  const recommended = recommendOption(options, risk.exposureScore);
  const option = options.find((o) => o.optionId === recommended) ?? options[0] ?? null;
  const monthlySaving = option?.monthlySaving ?? null;
  return {
    opportunityId: `opp_${sha256(`${context.sweepId}/${document.asset.assetKey}/${rule.id}`).slice(0, 24)}`,
    assetKey: document.asset.assetKey,
    ruleId: rule.id,
    sweepId: context.sweepId,
    verdict,
    monthlySaving,
    priority: priorityOf({
      monthlySaving,
      exposureScore: risk.exposureScore,
      confidence: verdict.confidence,
      riskOfActing: option?.riskOfActing ?? 100,
    }),
    foundAt: context.now.toISOString(),
  };
}
