import type { KnownBlock } from '@slack/types';
import { SNOOZES, SnoozeCode } from '../buttons.ts';
import { ASK, assessedBy, type Fact, factsOf, headline, letter, MODEL_INTRO, MOST_OPTIONS } from '../card-words.ts';
import type { ApprovalCard } from '../../../ports/chat.ts';
import { button, context, fields, header, KEPT, quote, section } from './blocks.ts';
import { encodeButton, REJECT_ACTION, snoozeAction } from './buttons.ts';
import { optionBlocks } from './card-options.ts';
import { code, escape, instant, link } from './text.ts';

/** The approval message: what it is, why we think so, what can be done about it, and until when. */
export function approvalBlocks(card: ApprovalCard, mention: string | null): KnownBlock[] {
  const owner = mention === null ? null : `<@${mention}>`;
  const shown = (fact: Fact): string => {
    if (fact.label === 'Owner' && owner !== null) return owner;
    if (fact.url) return link(fact.url, fact.text);
    return fact.code ? `${escape(fact.text)}\n${code(fact.code, 200)}` : escape(fact.text);
  };
  const blocks: KnownBlock[] = [
    header(headline(card)),
    section('ask', `${owner ?? `*${escape(card.owner)}*`}, ${ASK}`),
    fields(
      `${KEPT}facts`,
      factsOf(card).map((fact) => [fact.label, shown(fact)]),
    ),
    section(`${KEPT}why`, `*Why:* ${escape(card.verdictLine, 1000)}`),
  ];
  const reasons = card.risk.reasonCodes.slice(0, 8).map((r) => code(r, 80));
  if (reasons.length > 0) blocks.push(context(`${KEPT}reasons`, [`Risk reasons: ${reasons.join(' ')}`]));
  if (card.risk.summary) {
    blocks.push(context(`${KEPT}model`, [MODEL_INTRO]));
    blocks.push(quote(`${KEPT}summary`, card.risk.summary));
  }
  for (const [i, question] of card.risk.questions.slice(0, 3).entries())
    blocks.push(context(`${KEPT}question_${i}`, [`Open question: ${escape(question, 300)}`]));

  blocks.push({ type: 'divider', block_id: 'options_start' });
  blocks.push(...card.options.slice(0, MOST_OPTIONS).flatMap((option, i) => optionBlocks(card, option, letter(i))));
  blocks.push({ type: 'divider', block_id: 'options_end' });
  blocks.push({
    type: 'actions',
    block_id: 'otherwise',
    elements: [
      button({
        actionId: REJECT_ACTION,
        label: 'Reject…',
        value: encodeButton({ kind: 'reject', approvalId: card.approvalId }),
      }),
      ...SnoozeCode.options.map((each) =>
        button({
          actionId: snoozeAction(each),
          label: `Snooze ${SNOOZES[each].label}`,
          value: encodeButton({ kind: 'snooze', approvalId: card.approvalId, code: each }),
        }),
      ),
    ],
  });
  blocks.push(
    context('footer', [
      `⏳ Without a decision by ${instant(card.expiresAt)} the answer is *no*.`,
      `${assessedBy(card)} · ${code(card.approvalId, 200)}`,
    ]),
  );
  return blocks;
}
