import { createHash } from 'node:crypto';
import type { TicketDraft } from '../../../ports/tickets.ts';

/** Out-of-the-box column lengths. The instance cuts longer text without a word, and we would then rewrite it for ever. */
const MAX_SHORT = 160;
const MAX_LONG = 4000;
const MAX_CORRELATION = 100;

/** Choices of `risk` as delivered: 2 high, 3 moderate, 4 low. */
const RISK = { critical: '2', high: '2', medium: '3', low: '4' } as const satisfies Record<
  TicketDraft['riskLevel'],
  string
>;

/**
 * The correlation id as it fits its column. A longer one would be cut, never be found again, and a second change
 * would be created; so the end is replaced by a digest of the whole.
 */
export function correlationKey(correlationId: string): string {
  if (correlationId.length <= MAX_CORRELATION) return correlationId;
  const digest = createHash('sha256').update(correlationId).digest('hex').slice(0, 40);
  return `${correlationId.slice(0, MAX_CORRELATION - 41)}#${digest}`;
}

/** The columns that are kept up to date after creation. */
export function textFields(draft: TicketDraft): Record<string, string> {
  return {
    short_description: clip(oneLine(draft.title), MAX_SHORT),
    description: clip(clean(draft.description), MAX_LONG),
    justification: clip(clean(draft.justification), MAX_LONG),
    implementation_plan: clip(clean(draft.implementationPlan), MAX_LONG),
    backout_plan: clip(clean(draft.backoutPlan), MAX_LONG),
    risk: RISK[draft.riskLevel],
  };
}

/** Text for a work note, ending in its marker. `[code]` would make the journal render what follows as HTML. */
export function noteText(text: string, marker: string): string {
  const harmless = clean(text).replace(/\[(\/?)code\]/gi, '($1code)');
  return `${clip(harmless, MAX_LONG)}\n\n${markerText(marker)}`;
}

/** What a work note is recognised by. */
export function markerText(marker: string): string {
  return `[${marker.startsWith('idlewise') ? marker : `idlewise ${marker}`}]`;
}

/** Line ends as the instance may give them back. */
export function sameText(a: string | undefined, b: string): boolean {
  return a !== undefined && a.replace(/\r\n?/g, '\n').trim() === b.trim();
}

/** Text from assets and people without control characters; line breaks stay. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim();
}

function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
