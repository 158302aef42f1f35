import { clean } from '../text.ts';

const LOOKALIKES: Readonly<Record<string, string>> = { '*': '\u2217', '~': '\u223c', '`': '\u02cb' };

/** Foreign text for `mrkdwn`: `<!channel>`, `<@U…>` and links become text, and it cannot make itself bold. */
export function escape(text: string, max = 300): string {
  return entities(clean(text, max)).replace(/[*~`]/g, (mark) => LOOKALIKES[mark] ?? mark);
}

/** Only what Slack requires, for text of our own that may quote foreign words. */
export function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Foreign text between back-ticks. */
export function code(text: string, max = 300): string {
  return `\`${entities(clean(text, max)).replaceAll('`', '\u02cb')}\``;
}

/** A link whose target cannot break out of the markup, or just the label when the target is no web address. */
export function link(url: string, label: string): string {
  let target: URL;
  try {
    target = new URL(url);
  } catch {
    return escape(label);
  }
  if (target.protocol !== 'https:' && target.protocol !== 'http:') return escape(label);
  const safe = target.href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E');
  return `<${safe.replaceAll('&', '&amp;')}|${entities(clean(label, 150)).replaceAll('|', '¦')}>`;
}

/** Shown in the reader's own time zone. */
export function instant(iso: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  return Number.isFinite(seconds) ? `<!date^${seconds}^{date_short_pretty} at {time}|${entities(iso)}>` : escape(iso);
}

export function plain(text: string, max: number): { type: 'plain_text'; text: string; emoji: boolean } {
  return { type: 'plain_text', text: clean(text, max) || '-', emoji: true };
}

/** `verbatim` keeps Slack from turning words into links, mentions or channels. */
export function mrkdwn(text: string): { type: 'mrkdwn'; text: string; verbatim: boolean } {
  return { type: 'mrkdwn', text, verbatim: true };
}
