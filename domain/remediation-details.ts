import type { Round } from './decision-round.ts';

interface DetailsInput {
  readonly assetName: string;
  readonly stage: string;
  readonly roundNumber: number;
  readonly round: Round | null;
  readonly ticket: { number: string; url: string } | null;
  readonly outcome: string | null;
  readonly notes: readonly string[];
  readonly assessment: { riskScore: number; riskLevel: string; assessor: string; recommended: string | null } | null;
}

/** Markdown for the Temporal UI: the run reads like a report, stage by stage. */
export function remediationDetails(run: DetailsInput): string {
  const lines = [`**${run.outcome ?? run.stage}** · ${run.assetName} · round ${run.roundNumber}`, ''];
  if (run.assessment)
    lines.push(
      `- Risk **${run.assessment.riskLevel}** (${run.assessment.riskScore}/100, by ${run.assessment.assessor})`,
      `- Recommended: ${run.assessment.recommended ?? 'nothing'}`,
    );
  if (run.ticket) lines.push(`- Ticket [${run.ticket.number}](${run.ticket.url})`);
  if (run.round && run.round.ended === null)
    lines.push(
      `- Decision due ${new Date(run.round.expiresAtMs).toISOString()}; silence means no`,
      ...run.round.approvals.map((a) => `- ${a.displayName} approved ${a.optionId}`),
    );
  if (run.round?.ended) lines.push(`- Decision: ${run.round.ended.kind}`);
  for (const note of run.notes) lines.push(`- ${note}`);
  return lines.join('\n');
}
