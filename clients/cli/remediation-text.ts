import { formatMoney } from '../../domain/money.ts';
import { readableInstant } from '../../domain/words.ts';
import type { ApprovalRequest, Decision } from '../../schemas/decision.ts';
import type { RemediationDocument } from '../../schemas/records.ts';

/** One remediation for people; `--json` has everything. */
export function remediationText(
  r: RemediationDocument,
  approval: ApprovalRequest | null,
  decisions: readonly Decision[],
): string {
  const facts: [string, string | null][] = [
    ['asset', r.assetKey],
    ['stage', r.outcome ? `${r.stage}: ${r.outcome}` : r.stage],
    ['reasons', r.reasons.join('; ') || null],
    ['found by', r.ruleId],
    ['environment', r.environment],
    ['owner team', r.ownerTeam],
    ['risk', r.riskLevel],
    ['saving', r.monthlySaving ? `${formatMoney(r.monthlySaving)} a month` : null],
    ['action', r.action],
    ['ticket', r.ticket ? `${r.ticket.number} ${r.ticket.url}` : null],
    ['decide until', r.decisionDueAt ? `${readableInstant(r.decisionDueAt)}; silence means no` : null],
    ['approval', approval ? `${approval.approvalId} (${approval.status})` : null],
    ...(approval?.status === 'open'
      ? approval.options.map((o): [string, string] => [
          'option',
          `${o.optionId}, needs ${o.requiredApprovals === 1 ? 'one approver' : `${o.requiredApprovals} different approvers`}; plan ${o.planDigest.slice(0, 16)}`,
        ])
      : []),
    ...decisions.map((d): [string, string] => [
      'decision',
      `${d.actor.displayName}: ${d.kind} ${d.optionId ?? ''}${d.reason ? ` (${d.reason})` : ''} at ${readableInstant(d.decidedAt)}, by ${d.actor.via}`,
    ]),
    ['started', readableInstant(r.startedAt)],
    ['updated', readableInstant(r.updatedAt)],
    ['id', r.remediationId],
  ];
  return [r.assetName, ...facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(13)}${value}`] : []))].join('\n');
}
