import { createHash } from 'node:crypto';
import { ProviderErrorKind } from '../../../ports/errors.ts';
import type { TicketDraft } from '../../../ports/tickets.ts';
import { type AdfDocument, type Block, toAdf } from './adf.ts';
import { jiraError } from './errors.ts';

const MAX_SUMMARY = 255;
/** Jira refuses a description or comment above 32,767 characters; the document around our text needs room, too. */
const MAX_PART = 4000;
const MAX_NAME = 300;

/**
 * What a ticket is found by: label, and last line of its description. One word for Jira's text index, and the same
 * length whatever the operation id looks like.
 * @throws Terminal for an empty id, which would find somebody else's ticket.
 */
export function operationToken(correlationId: string): string {
  if (correlationId.trim() === '')
    throw jiraError(ProviderErrorKind.Terminal, 'find issue', { message: 'the operation id is empty' });
  return `idlewise${createHash('sha256').update(correlationId).digest('hex').slice(0, 32)}`;
}

export const TOKEN = /^idlewise[0-9a-f]{32}$/;

export function summaryOf(draft: TicketDraft): string {
  return clip(clean(draft.title).replace(/\s+/g, ' ').trim(), MAX_SUMMARY) || 'Untitled change';
}

/** The whole context of a change as one document: Jira has no columns of its own for plans. */
export function descriptionOf(draft: TicketDraft): AdfDocument {
  const part = (heading: string, text: string | null, max = MAX_PART): Block[] => {
    const said = text === null ? '' : clip(clean(text).trim(), max);
    return said === '' ? [] : [{ level: 3, text: heading }, { text: said }];
  };
  return toAdf([
    { text: clip(clean(draft.description).trim(), MAX_PART) },
    ...part('Justification', draft.justification),
    ...part('Implementation plan', draft.implementationPlan),
    ...part('Back-out plan', draft.backoutPlan),
    ...part('Risk', draft.riskLevel),
    ...part('Configuration item', draft.ciId, MAX_NAME),
    ...part('Team', draft.assignmentGroup, MAX_NAME),
    ...part('Requested for', draft.requestedFor, MAX_NAME),
    { text: `Operation ${operationToken(draft.correlationId)}` },
  ]);
}

/** A comment, ending in what it is recognised by. */
export function commentOf(text: string, marker: string): AdfDocument {
  return toAdf([{ text: clip(clean(text).trim(), 4 * MAX_PART) }, { text: markerText(marker) }]);
}

export function markerText(marker: string): string {
  return `[idlewise ${marker}]`;
}

/** Text from assets and people without control characters; line breaks stay. */
function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
