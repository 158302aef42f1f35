import { ACTIONS, type ActionKey } from '../schemas/actions.ts';
import type { Stage } from '../schemas/outcome.ts';
import type { Round } from './decision-round.ts';
import { readableInstant, STAGE_WORDS } from './words.ts';

interface DetailsInput {
  readonly assetName: string;
  readonly stage: Stage;
  readonly roundNumber: number;
  readonly round: Round | null;
  readonly ticket: { number: string; url: string } | null;
  readonly outcome: string | null;
  readonly notes: readonly string[];
  readonly assessment: {
    riskScore: number;
    riskLevel: string;
    assessor: string;
    recommended: ActionKey | null;
  } | null;
}

/**
 * Markdown for the Temporal UI: the run reads like a report, stage by stage. Its panel shows about five lines, and its
 * font makes a fraction of `6/100`.
 */
export function remediationDetails(run: DetailsInput): string {
  const { assessment, ticket, round } = run;
  const state = run.outcome === null ? STAGE_WORDS[run.stage] : `${STAGE_WORDS[run.stage]}: ${run.outcome}`;
  const again = run.roundNumber > 1 ? `, asked for the ${ordinal(run.roundNumber)} time` : '';
  const due =
    round && round.ended === null
      ? ` until ${readableInstant(new Date(round.expiresAtMs).toISOString())}, silence means no`
      : '';
  const lines = [`**${state}**${due} · ${run.assetName}${again}`, ''];
  const facts = [
    ...(assessment
      ? [
          `risk **${assessment.riskLevel}** (${assessment.riskScore} of 100, by ${assessment.assessor.replace('+', ' and ')})`,
          `recommended: ${assessment.recommended ? ACTIONS[assessment.recommended].title : 'nothing'}`,
        ]
      : []),
    ...(ticket ? [`ticket [${ticket.number}](${ticket.url})`] : []),
  ];
  if (facts.length > 0) lines.push(`- ${facts.join(' · ')}`);
  if (round && round.ended === null)
    lines.push(...round.approvals.map((a) => `- ${a.displayName} approved ${ACTIONS[a.optionId].title}`));
  if (round?.ended) lines.push(`- Decision: ${round.ended.kind}`);
  for (const note of run.notes) lines.push(`- ${note}`);
  return lines.join('\n');
}

function ordinal(n: number): string {
  return n === 2 ? 'second' : n === 3 ? 'third' : `${n}th`;
}
