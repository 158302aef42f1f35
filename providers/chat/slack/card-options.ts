import type { KnownBlock } from '@slack/types';
import {
  approveValue,
  bareLabel,
  type CardOption,
  commandsOf,
  confirmation,
  effectOf,
  isDrastic,
  isRecommended,
  NOT_POSSIBLE,
  notesOf,
  perMonth,
  termsOf,
} from '../card-words.ts';
import type { ApprovalCard } from '../../../ports/chat.ts';
import { button, context, listing } from './blocks.ts';
import { approveAction, encodeButton } from './buttons.ts';
import { escape, mrkdwn } from './text.ts';

/** One option: what it does, what it saves, what it takes. An option that could not run says why and has no button. */
export function optionBlocks(card: ApprovalCard, option: CardOption, name: string): KnownBlock[] {
  const blocked = option.blockers.length > 0;
  const recommended = isRecommended(card, option);
  const title = `*${name} · ${escape(bareLabel(option.label), 100)}*${recommended ? '  ⭐ _recommended_' : ''}`;
  const saving = option.monthlySaving ? `saves *${escape(perMonth(option.monthlySaving))}*` : 'saving unknown';
  const text = mrkdwn(`${title}\n${saving} · ${effectOf(option)}\n${termsOf(option)}`);
  const detail = notesOf(option).map((t) => escape(t, 400));
  const notes = blocked ? [`${NOT_POSSIBLE} ${option.blockers.map((b) => escape(b, 200)).join('; ')}`] : [];
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

function optionButton(card: ApprovalCard, shown: { option: CardOption; name: string; recommended: boolean }) {
  const { option, name, recommended } = shown;
  const { title, where, effect, yes } = confirmation(card, option);
  const style = isDrastic(option) ? 'danger' : recommended ? 'primary' : null;
  return button({
    actionId: approveAction(option.optionId),
    label: `${name} · ${bareLabel(option.label)}`,
    value: encodeButton(approveValue(card, option)),
    ...(style ? { style } : {}),
    confirm: { title, text: `${where} ${effect}`, yes },
  });
}

/** The commands behind each option, for the thread: there for whoever wants to look, out of the way of the others. */
export function commandBlocks(card: ApprovalCard): KnownBlock[] {
  return commandsOf(card).map(({ title, code }) => listing(title, code));
}
