import { REASON, SNOOZES, SnoozeCode } from '../buttons.ts';
import {
  ASK,
  assessedBy,
  COMMANDS_INTRO,
  commandsOf,
  type Fact,
  factsOf,
  headline,
  letter,
  MODEL_INTRO,
  MOST_OPTIONS,
  notificationText,
  REASON_HINT,
  REASON_LABEL,
  REASON_TOO_SHORT,
  REJECT_INTRO,
} from '../card-words.ts';
import type { ApprovalCard } from '../../../ports/chat.ts';
import { execute, optionContainer, showCard } from './card-options.ts';
import {
  type Activity,
  actionSet,
  atName,
  BOLD,
  CODE,
  cardActivity,
  codeLines,
  type Element,
  factRow,
  instant,
  type Mention,
  openUrl,
  ownText,
  rich,
  run,
  SUBTLE,
  words,
} from './elements.ts';
import { fitted, scaled } from './fit.ts';

/** A card in the parts it is put together from, so that it can be changed without being read back. */
export interface CardParts {
  readonly summary: string;
  readonly mention: Mention | null;
  /** What was asked: stays when the buttons are replaced by the decision. */
  readonly kept: readonly Element[];
  /** Whom it is asked of, the options and every button. */
  readonly ask: readonly Element[];
  readonly options: readonly Element[];
}

export function openActivity(parts: CardParts, progress: string | null = null): Activity {
  const { summary, mention } = parts;
  const note =
    progress === null ? [] : [rich([words('👥 '), run(progress, 300, BOLD)], { id: 'progress', separator: true })];
  return cardActivity({ summary, mention, body: [...parts.kept, ...parts.ask, ...note, ...parts.options] });
}

/** The approval message: what it is, why we think so, what can be done about it, and until when. */
export function approvalParts(card: ApprovalCard, mention: Mention | null): CardParts {
  return fitted((scale) => partsAt(card, mention, scale), openActivity);
}

function partsAt(card: ApprovalCard, mention: Mention | null, scale: number): CardParts {
  const { risk } = card;
  const links = factsOf(card).flatMap((fact) => (fact.url ? openUrl(`${fact.label}: ${fact.text}`, fact.url) : []));
  const reasons = risk.reasonCodes.slice(0, 8).map((r) => run(r, scaled(80, scale), CODE));
  return {
    summary: notificationText(card),
    mention,
    kept: [
      title(card, scale),
      ...factsOf(card).map((fact) => factRow(fact.label, factValue(fact, scale))),
      rich([words('Why: ', BOLD), run(card.verdictLine, scaled(1000, scale))]),
      ...(reasons.length > 0
        ? [
            rich([
              words('Risk reasons: ', SUBTLE),
              ...reasons.flatMap((r, i) => (i > 0 ? [words('  ', CODE), r] : [r])),
            ]),
          ]
        : []),
      ...(risk.summary
        ? [
            ownText(MODEL_INTRO, { isSubtle: true, size: 'Small' }),
            rich([run(risk.summary, scaled(1000, scale), { italic: true })], { spacing: 'Small' }),
          ]
        : []),
      ...risk.questions
        .slice(0, 3)
        .map((q) => rich([words('Open question: ', SUBTLE), run(q, scaled(300, scale), SUBTLE)], { spacing: 'Small' })),
      ...(links.length > 0 ? [actionSet(links)] : []),
    ],
    ask: [askLine(card, mention)],
    options: [
      ...card.options
        .slice(0, MOST_OPTIONS)
        .map((option, i) => optionContainer(card, { option, name: letter(i), scale })),
      otherwise(card),
      ownText(`⏳ Without a decision by ${instant(card.expiresAt)} the answer is **no**.`, {
        isSubtle: true,
        size: 'Small',
      }),
      rich([words(`${assessedBy(card)} · `, SUBTLE), run(card.approvalId, 200, CODE)], { spacing: 'None' }),
    ],
  };
}

const title = (card: ApprovalCard, scale: number): Element =>
  rich([run(headline(card), scaled(200, scale), { weight: 'Bolder', size: 'Large' })]);

function factValue(fact: Fact, scale: number): Element[] {
  const text = run(fact.text, scaled(150, scale), fact.label === 'Resource' ? BOLD : {});
  return fact.code ? [text, words('  '), run(fact.code, 200, CODE)] : [text];
}

function askLine(card: ApprovalCard, mention: Mention | null): Element {
  if (mention === null) return rich([run(card.owner, 100, BOLD), words(`, ${ASK}`)]);
  return ownText(`${atName(mention)}, ${ASK}`);
}

function otherwise(card: ApprovalCard): Element {
  const { approvalId } = card;
  const reject = showCard({
    title: 'Reject…',
    body: [
      ownText(REJECT_INTRO),
      {
        type: 'Input.Text',
        id: 'reason',
        label: REASON_LABEL,
        placeholder: REASON_HINT,
        isMultiline: true,
        isRequired: true,
        errorMessage: REASON_TOO_SHORT,
        maxLength: REASON.max,
      },
    ],
    actions: [
      execute({
        id: 'reject',
        title: 'Reject',
        value: { kind: 'reject', approvalId },
        style: 'destructive',
        inputs: true,
      }),
    ],
  });
  const snoozes = SnoozeCode.options.map((code) =>
    execute({
      id: `snooze_${code}`,
      title: `Snooze ${SNOOZES[code].label}`,
      value: { kind: 'snooze', approvalId, code },
    }),
  );
  return actionSet([reject, ...snoozes], { id: 'otherwise', separator: true });
}

/** Announces the card, with nothing in it to press. */
export function announcement(card: ApprovalCard, mention: Mention | null): Activity {
  const text = 'The options appear here in a moment; if they do not, they are in the next message.';
  const body = [title(card, 1), askLine(card, mention), ownText(text, { isSubtle: true, size: 'Small' })];
  return cardActivity({ summary: notificationText(card), mention, body });
}

/** What was asked, and what came of it instead of the buttons. */
export function decidedActivity(
  parts: Pick<CardParts, 'kept' | 'summary'> | null,
  verdict: { headline: string; detail: string },
): Activity {
  const body = [
    ...(parts?.kept ?? []),
    rich([run(verdict.headline, 200, { weight: 'Bolder', size: 'Large' })], { id: 'decided', separator: true }),
    ...(verdict.detail ? [rich([run(verdict.detail, 1500)])] : []),
  ];
  return cardActivity({ summary: `${verdict.headline}. ${verdict.detail}`, mention: null, body });
}

/** The steps and commands behind each option, for the thread. */
export function commandsActivity(card: ApprovalCard): Activity {
  return fitted(
    (scale) =>
      cardActivity({
        summary: COMMANDS_INTRO,
        mention: null,
        body: [
          ownText(COMMANDS_INTRO),
          ...commandsOf(card).flatMap(({ title: name, code }) => [
            rich([run(name, scaled(200, scale), BOLD)], { separator: true }),
            ...codeLines(code, { chars: scaled(3000, scale), lines: Math.max(2, Math.round(40 * scale)) }),
          ]),
        ],
      }),
    (activity) => activity,
  );
}
