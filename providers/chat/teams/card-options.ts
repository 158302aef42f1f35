import type { ButtonValue } from '../buttons.ts';
import {
  approveValue,
  bareLabel,
  type CardOption,
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
import { clean } from '../text.ts';
import { actionSet, BOLD, type Element, rich, run, SUBTLE, words } from './elements.ts';
import { scaled } from './fit.ts';

/** A button that calls us back. Its verb is the kind of what it carries. */
export function execute(button: {
  id: string;
  title: string;
  value: ButtonValue;
  style?: string;
  inputs?: boolean;
}): Element {
  return {
    type: 'Action.Execute',
    id: button.id,
    title: clean(button.title, 75) || '-',
    verb: button.value.kind,
    data: { ...button.value },
    // A rejection needs its reason; everything else must not be held up by an empty field elsewhere on the card.
    associatedInputs: button.inputs ? 'auto' : 'none',
    ...(button.style ? { style: button.style } : {}),
  };
}

/** A button that opens a part of the card below itself. */
export function showCard(button: {
  title: string;
  style?: string;
  body: readonly Element[];
  actions: readonly Element[];
}): Element {
  return {
    type: 'Action.ShowCard',
    title: clean(button.title, 75) || '-',
    ...(button.style ? { style: button.style } : {}),
    card: { type: 'AdaptiveCard', body: button.body, actions: button.actions },
  };
}

/** One option: what it does, what it saves, what it takes. An option that could not run says why and has no button. */
export function optionContainer(
  card: ApprovalCard,
  shown: { option: CardOption; name: string; scale: number },
): Element {
  const { option, name, scale } = shown;
  const recommended = isRecommended(card, option);
  const { monthlySaving, blockers } = option;
  const title = [words(`${name} · `, BOLD), run(bareLabel(option.label), scaled(100, scale), BOLD)];
  const saving = monthlySaving ? [words('saves '), run(perMonth(monthlySaving), 60, BOLD)] : [words('saving unknown')];
  const notes = [
    ...(blockers.length > 0
      ? [[words(`${NOT_POSSIBLE} `, SUBTLE), run(blockers.join('; '), scaled(600, scale), SUBTLE)]]
      : []),
    ...notesOf(option).map((note) => [run(note, scaled(400, scale), SUBTLE)]),
  ];
  return {
    type: 'Container',
    id: `option_${option.optionId}`,
    style: 'emphasis',
    separator: true,
    spacing: 'Medium',
    items: [
      rich(recommended ? [...title, words('  ⭐ recommended', { color: 'Accent' })] : title),
      rich([...saving, words(` · ${effectOf(option)}`)], { spacing: 'None' }),
      rich([words(termsOf(option))], { spacing: 'None' }),
      ...notes.map((inlines) => rich(inlines, { spacing: 'Small' })),
      ...(blockers.length > 0 ? [] : [actionSet([approveButton(card, shown)])]),
    ],
  };
}

/** Opens the question "are you sure"; only its answer is sent. */
function approveButton(card: ApprovalCard, shown: { option: CardOption; name: string; scale: number }): Element {
  const { option, name, scale } = shown;
  const style = isDrastic(option) ? 'destructive' : isRecommended(card, option) ? 'positive' : 'default';
  const { title, where, effect, yes } = confirmation(card, option);
  return showCard({
    title: clean(`${name} · ${bareLabel(option.label)}`, scaled(75, scale)),
    style,
    body: [
      rich([run(title, scaled(100, scale), BOLD)]),
      rich([run(where, scaled(200, scale)), words(` ${effect}`)], { spacing: 'Small' }),
    ],
    actions: [
      execute({ id: `approve_${option.optionId}`, title: `Yes: ${yes}`, value: approveValue(card, option), style }),
    ],
  });
}
