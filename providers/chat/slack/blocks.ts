import type { Button, KnownBlock, RichTextBlock } from '@slack/types';
import { clean, cleanCode } from '../text.ts';
import { mrkdwn, plain } from './text.ts';

/** Block ids with this prefix stay when the buttons are replaced by the decision. */
export const KEPT = 'card_';
export const PROGRESS = 'progress';

export const header = (text: string): KnownBlock => ({
  type: 'header',
  block_id: `${KEPT}header`,
  text: plain(text, 150),
});

export const section = (blockId: string, text: string): KnownBlock => ({
  type: 'section',
  block_id: blockId,
  text: mrkdwn(text.slice(0, 3000)),
});

export const fields = (blockId: string, entries: readonly (readonly [string, string])[]): KnownBlock => ({
  type: 'section',
  block_id: blockId,
  fields: entries.slice(0, 10).map(([label, text]) => mrkdwn(`*${label}*\n${text}`.slice(0, 2000))),
});

export const context = (blockId: string, texts: readonly string[]): KnownBlock => ({
  type: 'context',
  block_id: blockId,
  elements: texts.slice(0, 10).map((t) => mrkdwn(t.slice(0, 2000))),
});

/** Words of others in a quote. Rich text interprets no markup at all. */
export function quote(blockId: string, text: string): RichTextBlock {
  return {
    type: 'rich_text',
    block_id: blockId,
    elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: clean(text, 1000) || '-' }] }],
  };
}

/** A bold line and a block of code under it. */
export function listing(title: string, code: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [{ type: 'text', text: clean(title, 200) || '-', style: { bold: true } }],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: cleanCode(code) }] },
    ],
  };
}

export interface ButtonSpec {
  readonly actionId: string;
  readonly label: string;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

export function button(spec: ButtonSpec): Button {
  return {
    type: 'button',
    action_id: spec.actionId,
    text: plain(spec.label, 75),
    value: spec.value,
    ...(spec.style ? { style: spec.style } : {}),
    ...(spec.confirm
      ? {
          confirm: {
            title: plain(spec.confirm.title, 100),
            text: plain(spec.confirm.text, 300),
            confirm: plain(spec.confirm.yes, 30),
            deny: plain('Cancel', 30),
            ...(spec.style ? { style: spec.style } : {}),
          },
        }
      : {}),
  };
}
