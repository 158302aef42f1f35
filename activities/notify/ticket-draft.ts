import { formatMoney } from '../../domain/money.ts';
import { assetWords, findingWord, plural } from '../../domain/words.ts';
import type { TicketDraft } from '../../ports/tickets.ts';
import type { CaseDocument } from '../../schemas/records.ts';

/** The change request as its readers need it: what, why, how, how back; every figure computed in code. */
export function ticketDraft(document: CaseDocument, correlationId: string): TicketDraft {
  const { asset, cost, cmdb } = document.record;
  const risk = document.risk;
  const saving = (s: CaseDocument['options'][number]['monthlySaving']) =>
    s ? `${formatMoney(s)} a month` : 'saving unknown';
  return {
    correlationId,
    title: `${capital(findingWord(document.verdict.ruleId))} ${assetWords(asset.resourceType)} ${asset.name} (${asset.accountId}, ${asset.region})`,
    description: [
      `Asset: ${asset.assetKey}`,
      `Environment: ${document.environment}. Owner: ${document.owner.subject} (${document.owner.team}, from ${document.owner.source}).`,
      `Cost: ${cost ? `${formatMoney({ amount: cost.monthlyRunRate, currency: cost.BillingCurrency })} a month (${cost.basis})` : 'unknown'}.`,
      `Verdict: ${findingWord(document.verdict.ruleId)} by rule ${document.verdict.ruleId} (version ${document.verdict.ruleVersion}), confidence ${document.verdict.confidence} %, ${Math.round(document.verdict.coverage.ratio * 100)} % of ${document.verdict.windowDays} days observed.`,
      '',
      'Options:',
      ...document.options.map(
        (o) =>
          `- ${o.label}: ${saving(o.monthlySaving)}; ${o.reversibility}; ${plural(o.requiredApprovals, 'approval')}${o.blockers.length ? `; blocked: ${o.blockers.join(', ')}` : ''}`,
      ),
    ].join('\n'),
    justification: risk
      ? `Risk of acting: ${risk.level} (${risk.score}/100, by ${risk.assessor.replace('+', ' and ')}): ${risk.reasonCodes.join(', ') || 'no aggravating facts'}. Risk of leaving it running: ${risk.exposureScore}/100.`
      : 'Not assessed.',
    implementationPlan: document.options
      .map((o) => [`${o.label}`, ...o.steps.map((s, i) => `  ${i + 1}. ${s}`), `  CLI: ${o.command}`].join('\n'))
      .join('\n\n'),
    backoutPlan: document.options.map((o) => `${o.label}: ${o.rollback}`).join('\n'),
    riskLevel: risk?.level ?? 'critical',
    ciId: cmdb?.ciId ?? null,
    assignmentGroup: cmdb?.supportGroup ?? null,
    requestedFor: document.owner.subject.includes('@') ? document.owner.subject : null,
  };
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
