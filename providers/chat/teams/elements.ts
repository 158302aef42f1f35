import { clean, cleanCode } from '../text.ts';

// Foreign text only ever goes into text runs, titles and labels, which interpret no markup. A TextBlock does (links,
// bold, mentions, dates): it holds our own words alone.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Element = { readonly [key: string]: Json };

/** What the connector takes for a message. */
export interface Activity {
  readonly type: 'message';
  readonly [key: string]: Json;
}

export type Style = {
  readonly weight?: 'Bolder';
  readonly size?: 'Small' | 'Large';
  readonly color?: 'Attention' | 'Good' | 'Accent';
  readonly isSubtle?: true;
  readonly italic?: true;
  readonly fontType?: 'Monospace';
};

export const BOLD: Style = { weight: 'Bolder' };
export const SUBTLE: Style = { isSubtle: true, size: 'Small' };
export const CODE: Style = { fontType: 'Monospace', size: 'Small', isSubtle: true };

export const run = (text: string, max: number, style: Style = {}): Element => ({
  type: 'TextRun',
  text: clean(text, max) || '-',
  ...style,
});
/** A run of our own words, whose spaces at the ends count. */
export const words = (text: string, style: Style = {}): Element => ({ type: 'TextRun', text, ...style });

export const rich = (inlines: readonly Element[], more: Element = {}): Element => ({
  type: 'RichTextBlock',
  inlines,
  ...more,
});

/** Our own words, in which `**bold**`, `{{DATE(…)}}` and `<at>…</at>` work. */
export const ownText = (text: string, more: Element = {}): Element => ({
  type: 'TextBlock',
  text,
  wrap: true,
  ...more,
});

export const actionSet = (actions: readonly Element[], more: Element = {}): Element => ({
  type: 'ActionSet',
  actions,
  ...more,
});

/** Label beside value. */
export function factRow(label: string, value: readonly Element[]): Element {
  const column = (width: string, item: Element): Element => ({ type: 'Column', width, items: [item] });
  return {
    type: 'ColumnSet',
    spacing: 'Small',
    columns: [column('130px', rich([words(label, { isSubtle: true })])), column('stretch', rich(value))],
  };
}

/** Code line by line: a card has no other way to keep its lines. */
export function codeLines(code: string, limit: { chars: number; lines: number }): Element[] {
  const all = cleanCode(code, limit.chars).split('\n');
  const lines = [...all.slice(0, limit.lines), ...(all.length > limit.lines ? ['…'] : [])];
  const indented = (line: string) => line.replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length));
  return lines.map((line) => rich([words(indented(line), CODE)], { spacing: 'None' }));
}

/** A web address of ours or of the ticket system; anything else is no link. */
export function openUrl(title: string, url: string): Element[] {
  if (!URL.canParse(url)) return [];
  const target = new URL(url);
  const isWeb = target.protocol === 'https:' || target.protocol === 'http:';
  return isWeb ? [{ type: 'Action.OpenUrl', title: clean(title, 80), url: target.href }] : [];
}

/** Shown in the reader's own time zone. */
export function instant(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return 'the time in the ticket';
  const second = `${at.toISOString().slice(0, 19)}Z`;
  return `{{DATE(${second},SHORT)}} {{TIME(${second})}}`;
}

export interface Mention {
  /** Entra object id. */
  readonly id: string;
  readonly name: string;
}

/** The name between `<at>` marks, which has to be the same in text and entity and can hold no markup. */
export const atName = (mention: Mention): string =>
  `<at>${clean(mention.name, 80).replace(/[<>[\]()*_~`#|&{}]/g, '')}</at>`;

export function cardActivity(card: { body: readonly Element[]; summary: string; mention: Mention | null }): Activity {
  const { mention } = card;
  const entities = mention
    ? [{ type: 'mention', text: atName(mention), mentioned: { id: mention.id, name: clean(mention.name, 80) } }]
    : [];
  return {
    type: 'message',
    summary: clean(card.summary, 300),
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.5',
          body: card.body,
          msteams: { width: 'Full', ...(entities.length > 0 ? { entities } : {}) },
        },
      },
    ],
  };
}

/** Plain text, in which nothing is interpreted. */
export const textActivity = (text: string): Activity => ({
  type: 'message',
  text: text.slice(0, 4000),
  textFormat: 'plain',
});
