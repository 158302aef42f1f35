import { formatMoney } from '../../domain/money.ts';
import type { TicketDraft } from '../../providers/tickets/port.ts';
import type { CaseDocument } from '../../schemas/records.ts';

/** The change request as its readers need it: what, why, how, how back; every figure computed in code. */
export function ticketDraft(document: CaseDocument, correlationId: string): TicketDraft {
  const { asset, cost, cmdb } = document.record;
  const risk = document.risk;
  const saving = (s: CaseDocument['options'][number]['monthlySaving']) =>
    s ? `${formatMoney(s)} a month` : 'saving unknown';
  return {
    correlationId,
    title: `Idle ${asset.resourceType.split('::').at(-1)} ${asset.name} (${asset.accountId}, ${asset.region})`,
    description: [
      `Asset: ${asset.assetKey}`,
      `Environment: ${document.environment}. Owner: ${document.owner.subject} (${document.owner.team}, from ${document.owner.source}).`,
      `Cost: ${cost ? `${formatMoney({ amount: cost.monthlyRunRate, currency: cost.BillingCurrency })} a month (${cost.basis})` : 'unknown'}.`,
      `Verdict: ${document.verdict.verdict} by ${document.verdict.ruleId}@${document.verdict.ruleVersion}, confidence ${document.verdict.confidence} %, ${Math.round(document.verdict.coverage.ratio * 100)} % of ${document.verdict.windowDays} days observed.`,
      '',
      'Options:',
      ...document.options.map(
        (o) =>
          `- ${o.label}: ${saving(o.monthlySaving)}; ${o.reversibility}; ${o.requiredApprovals} approval(s)${o.blockers.length ? `; blocked: ${o.blockers.join(', ')}` : ''}`,
      ),
    ].join('\n'),
    justification: risk
      ? `Risk of acting: ${risk.level} (${risk.score}/100, by ${risk.assessor}): ${risk.reasonCodes.join(', ') || 'no aggravating facts'}. Risk of leaving it running: ${risk.exposureScore}/100.`
      : 'Not assessed.',
    implementationPlan: document.options
      .map((o) => [`${o.label}`, ...o.steps.map((s, i) => `  ${i + 1}. ${s}`), `  CLI: ${o.awsCli}`].join('\n'))
      .join('\n\n'),
    backoutPlan: document.options.map((o) => `${o.label}: ${o.rollback}`).join('\n'),
    riskLevel: risk?.level ?? 'critical',
    ciId: cmdb?.ciId ?? null,
    assignmentGroup: cmdb?.supportGroup ?? null,
    requestedFor: document.owner.subject.includes('@') ? document.owner.subject : null,
  };
}
