import type { KnownBlock } from '@slack/types';
import { formatMoney } from '../../../domain/money.ts';
import type { Money } from '../../../schemas/money.ts';
import type { ApprovalCard } from '../port.ts';
import { button, context, listing } from './blocks.ts';
import { approveAction, digestPrefix, encodeButton } from './buttons.ts';
import { clean, escape, mrkdwn } from './text.ts';

type CardOption = ApprovalCard['options'][number];

const REVERSIBILITY = {
  reversible: '↩️ can be undone',
  restorable: '💾 restorable from snapshots',
  irreversible: '⚠️ cannot be undone',
} as const;

export const letter = (index: number): string => String.fromCharCode(65 + index);
/** Labels come with their letter; it is set apart, and not repeated, where a letter stands before. */
export const bareLabel = (label: string): string => label.replace(/^[A-Z] · /, '');
export const perMonth = (saving: Money): string => `${formatMoney(saving)}/month`;

/** One option: what it does, what it saves, what it takes. An option that could not run says why and has no button. */
export function optionBlocks(card: ApprovalCard, option: CardOption, name: string): KnownBlock[] {
  const blocked = option.blockers.length > 0;
  const recommended = option.optionId === card.recommended && !blocked;
  const title = `*${name} · ${escape(bareLabel(option.label), 100)}*${recommended ? '  ⭐ _recommended_' : ''}`;
  const saving = option.monthlySaving ? `saves *${escape(perMonth(option.monthlySaving))}*` : 'saving unknown';
  const effect = `${saving} · ${REVERSIBILITY[option.reversibility]}`;
  const terms = `risk of acting ${option.riskOfActing}/100 · ${approvals(option)}`;
  const text = mrkdwn(`${title}\n${effect}\n${terms}`);
  const detail = [option.savingNote, option.rollback ? `Way back: ${withoutCommands(option.rollback)}` : '']
    .filter((t) => t !== '')
    .map((t) => escape(t, 400));
  const notes = blocked ? [`🚫 Not possible now: ${option.blockers.map((b) => escape(b, 200)).join('; ')}`] : [];
  return [
    {
      type: 'section',
      block_id: `option_${option.optionId}`,
      text,
      ...(blocked ? {} : { accessory: optionButton(card, { option, name, recommended }) }),
    },
    ...([...notes, ...detail].length > 0 ? [context(`option_${option.optionId}_detail`, [...notes, ...detail])] : []),
  ];
}

function approvals(option: CardOption): string {
  if (option.requiredApprovals > 1) return `👥 needs ${option.requiredApprovals} approvers`;
  return option.oneClick ? 'one approval' : 'one approver, who confirms';
}

function optionButton(card: ApprovalCard, shown: { option: CardOption; name: string; recommended: boolean }) {
  const { option, name, recommended } = shown;
  const drastic = option.reversibility !== 'reversible';
  const style = drastic ? 'danger' : recommended ? 'primary' : null;
  const many = option.requiredApprovals > 1 ? ` ${option.requiredApprovals} different people must agree.` : '';
  const effect = drastic ? 'This removes the resource.' : 'This can be undone.';
  return button({
    actionId: approveAction(option.optionId),
    label: `${name} · ${bareLabel(option.label)}`,
    value: encodeButton({
      kind: 'approve',
      approvalId: card.approvalId,
      optionId: option.optionId,
      digest: digestPrefix(option.planDigest),
    }),
    ...(style ? { style } : {}),
    confirm: {
      title: `${bareLabel(option.label)}?`,
      text: `${clean(card.assetName, 80)} in ${clean(card.accountName, 40)} (${clean(card.environment, 20)}). ${effect}${many}`,
      yes: clean(bareLabel(option.label), 30),
    },
  });
}

/** The commands behind each option, for the thread: there for whoever wants to look, out of the way of the others. */
export function commandBlocks(card: ApprovalCard): KnownBlock[] {
  return card.options
    .slice(0, 6)
    .flatMap((option, i) => [
      listing(
        `${letter(i)} · ${bareLabel(option.label)}: steps`,
        option.steps.map((s, n) => `${n + 1}. ${s}`).join('\n'),
      ),
      listing('AWS CLI', option.awsCli),
      ...(option.terraform ? [listing('Terraform', option.terraform)] : []),
    ]);
}

/** The commands of the way back are in the ticket; here the sentence around them is enough. */
function withoutCommands(text: string): string {
  return text.replace(/: aws [\s\S]*?(?=\. [A-Z]|$)/, '');
}
