import { formatMoney } from '../../domain/money.ts';
import type { Money } from '../../schemas/money.ts';
import { type ButtonValue, digestPrefix, REASON } from './buttons.ts';
import type { ApprovalCard } from '../../ports/chat.ts';
import { clean } from './text.ts';

// What an approval message says, without the markup of any chat system. Foreign text in it is not escaped yet.

export type CardOption = ApprovalCard['options'][number];

export const ASK = 'this is yours. Nothing changes until it is decided here.';
export const MODEL_INTRO = 'In the words of the risk model, unverified:';
export const NOT_POSSIBLE = '🚫 Not possible now:';
export const COMMANDS_INTRO = 'The steps and commands behind each option, for whoever wants to look.';
export const REJECT_INTRO = 'Nothing will be changed. Idlewise remembers the reason and leaves the asset alone.';
export const REASON_LABEL = 'Why not?';
export const REASON_TOO_SHORT = `Please give a reason of at least ${REASON.min} characters.`;
export const REASON_HINT = 'Kept in the audit trail and in the ticket.';

/** More options than this are not offered: nobody chooses well among them. */
export const MOST_OPTIONS = 6;

const RISK_MARK = { low: '🟢', medium: '🟡', high: '🟠', critical: '🔴' } as const;

const REVERSIBILITY = {
  reversible: '↩️ can be undone',
  restorable: '💾 restorable from snapshots',
  irreversible: '⚠️ cannot be undone',
} as const;

export const letter = (index: number): string => String.fromCharCode(65 + index);
/** Labels come with their letter; it is set apart, and not repeated, where a letter stands before. */
export const bareLabel = (label: string): string => label.replace(/^[A-Z] · /, '');
export const perMonth = (saving: Money): string => `${formatMoney(saving)}/month`;

export function headline(card: ApprovalCard): string {
  return `${card.assetName} looks ${lookOf(card)}`;
}

function lookOf(card: ApprovalCard): string {
  const best = card.options.find((o) => o.optionId === card.recommended) ?? card.options[0];
  return `${card.finding ?? 'idle'}${best?.monthlySaving ? ` · save ${perMonth(best.monthlySaving)}` : ''}`;
}

/** What a notification or a screen reader says. */
export function notificationText(card: ApprovalCard): string {
  const letters = card.options.map((o, i) => `${letter(i)} ${clean(bareLabel(o.label), 60)}`).join(', ');
  return `${clean(card.assetName, 100)} (${clean(card.environment, 30)}) looks ${lookOf(card)}. Options: ${letters}. Risk ${card.risk.level}.`;
}

export interface Fact {
  readonly label: string;
  readonly text: string;
  /** An identifier to show as such, under the text. */
  readonly code?: string;
  readonly url?: string;
}

export function factsOf(card: ApprovalCard): Fact[] {
  const { risk, ticket, runUrl } = card;
  return [
    { label: 'Resource', text: card.assetName, code: card.assetKey },
    { label: 'Owner', text: card.owner },
    { label: 'Account · region', text: `${card.accountName} · ${card.region}` },
    { label: 'Environment', text: card.environment },
    { label: 'Costs now', text: card.monthlyCost },
    { label: 'Risk of acting', text: `${RISK_MARK[risk.level]} ${risk.level} · ${risk.score}/100` },
    ticket ? { label: 'Ticket', text: ticket.number, url: ticket.url } : { label: 'Ticket', text: 'none yet' },
    ...(runUrl ? [{ label: 'Timeline', text: 'workflow run', url: runUrl }] : []),
  ];
}

export const effectOf = (option: CardOption): string => REVERSIBILITY[option.reversibility];

export function termsOf(option: CardOption): string {
  return `risk of acting ${option.riskOfActing}/100 · ${approvals(option)}`;
}

function approvals(option: CardOption): string {
  if (option.requiredApprovals > 1) return `👥 needs ${option.requiredApprovals} approvers`;
  return option.oneClick ? 'one approval' : 'one approver, who confirms';
}

export function notesOf(option: CardOption): string[] {
  const notes = [option.savingNote, option.rollback ? `Way back: ${withoutCommands(option.rollback)}` : ''];
  return notes.filter((note) => note !== '');
}

/** The commands of the way back are in the ticket; here the sentence around them is enough. */
function withoutCommands(text: string): string {
  return text.replace(/: aws [\s\S]*?(?=\. [A-Z]|$)/, '');
}

export const isRecommended = (card: ApprovalCard, option: CardOption): boolean =>
  option.optionId === card.recommended && option.blockers.length === 0;

export const isDrastic = (option: CardOption): boolean => option.reversibility !== 'reversible';

/** What is asked once more between the interaction and the decision. Already clean. */
export function confirmation(
  card: ApprovalCard,
  option: CardOption,
): { title: string; where: string; effect: string; yes: string } {
  const many = option.requiredApprovals > 1 ? ` ${option.requiredApprovals} different people must agree.` : '';
  const effect = isDrastic(option) ? 'This removes the resource.' : 'This can be undone.';
  const label = bareLabel(option.label);
  return {
    title: `${label}?`,
    where: `${clean(card.assetName, 80)} in ${clean(card.accountName, 40)} (${clean(card.environment, 20)}).`,
    effect: `${effect}${many}`,
    yes: clean(label, 30),
  };
}

export function approveValue(card: ApprovalCard, option: CardOption): ButtonValue {
  const digest = digestPrefix(option.planDigest);
  return { kind: 'approve', approvalId: card.approvalId, optionId: option.optionId, digest };
}

export function assessedBy(card: ApprovalCard): string {
  const assessor = card.risk.assessor === 'rules' ? 'rules alone' : 'rules and model';
  return `Assessed by ${assessor} ${card.round > 1 ? ` · asked again, round ${card.round}` : ''}`;
}

/** The steps and commands behind each option. */
export function commandsOf(card: ApprovalCard): { title: string; code: string }[] {
  return card.options.slice(0, MOST_OPTIONS).flatMap((option, i) => [
    {
      title: `${letter(i)} · ${bareLabel(option.label)}: steps`,
      code: option.steps.map((s, n) => `${n + 1}. ${s}`).join('\n'),
    },
    { title: 'CLI', code: option.command },
    ...(option.terraform ? [{ title: 'Terraform', code: option.terraform }] : []),
  ]);
}
