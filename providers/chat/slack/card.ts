import type { KnownBlock } from '@slack/types';
import type { ApprovalCard } from '../port.ts';
import { button, context, fields, header, KEPT, quote, section } from './blocks.ts';
import { encodeButton, REJECT_ACTION, SNOOZES, SnoozeCode, snoozeAction } from './buttons.ts';
import { bareLabel, letter, optionBlocks, perMonth } from './card-options.ts';
import { clean, code, entities, escape, instant, link } from './text.ts';

const RISK_MARK = { low: '🟢', medium: '🟡', high: '🟠', critical: '🔴' } as const;

/** The approval message: what it is, why we think so, what can be done about it, and until when. */
export function approvalBlocks(card: ApprovalCard, mention: string | null): KnownBlock[] {
  const blocks: KnownBlock[] = [
    header(`${card.assetName} looks ${card.finding ?? 'idle'}${bestSaving(card)}`),
    section(
      'ask',
      `${mention === null ? `*${escape(card.owner)}*` : `<@${mention}>`}, this is yours. Nothing changes until it is decided here.`,
    ),
    fields(`${KEPT}facts`, [
      ['Resource', `${escape(card.assetName)}\n${code(card.assetKey, 200)}`],
      ['Owner', mention === null ? escape(card.owner) : `<@${mention}>`],
      ['Account · region', `${escape(card.accountName)} · ${escape(card.region)}`],
      ['Environment', escape(card.environment)],
      ['Costs now', escape(card.monthlyCost)],
      ['Risk of acting', `${RISK_MARK[card.risk.level]} ${card.risk.level} · ${card.risk.score}/100`],
      ['Ticket', card.ticket ? link(card.ticket.url, card.ticket.number) : 'none yet'],
      ...(card.runUrl ? [['Timeline', link(card.runUrl, 'workflow run')] as const] : []),
    ]),
    section(`${KEPT}why`, `*Why:* ${escape(card.verdictLine, 1000)}`),
  ];
  const reasons = card.risk.reasonCodes.slice(0, 8).map((r) => code(r, 80));
  if (reasons.length > 0) blocks.push(context(`${KEPT}reasons`, [`Risk reasons: ${reasons.join(' ')}`]));
  if (card.risk.summary) {
    blocks.push(context(`${KEPT}model`, ['In the words of the risk model, unverified:']));
    blocks.push(quote(`${KEPT}summary`, card.risk.summary));
  }
  for (const [i, question] of card.risk.questions.slice(0, 3).entries())
    blocks.push(context(`${KEPT}question_${i}`, [`Open question: ${escape(question, 300)}`]));

  blocks.push({ type: 'divider', block_id: 'options_start' });
  blocks.push(...card.options.slice(0, 6).flatMap((option, i) => optionBlocks(card, option, letter(i))));
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
      `Assessed by ${card.risk.assessor === 'rules' ? 'rules alone' : 'rules and model'} ${card.round > 1 ? ` · asked again, round ${card.round}` : ''} · ${code(card.approvalId, 200)}`,
    ]),
  );
  return blocks;
}

/** What a notification or a screen reader says. */
export function approvalText(card: ApprovalCard): string {
  const letters = card.options.map((o, i) => `${letter(i)} ${clean(bareLabel(o.label), 60)}`).join(', ');
  return entities(
    `${clean(card.assetName, 100)} (${clean(card.environment, 30)}) looks ${card.finding ?? 'idle'}${bestSaving(card)}. Options: ${letters}. Risk ${card.risk.level}.`,
  );
}

function bestSaving(card: ApprovalCard): string {
  const best = card.options.find((o) => o.optionId === card.recommended) ?? card.options[0];
  return best?.monthlySaving ? ` · save ${perMonth(best.monthlySaving)}` : '';
}
