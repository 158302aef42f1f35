import type { ResourceType } from '../schemas/asset.ts';
import type { Stage } from '../schemas/outcome.ts';
import { resourceTypeRow } from '../schemas/resource-types.ts';

/** What a kind of asset is called in a sentence: `EBS volume`, `nat gateway`. */
export function assetWords(type: ResourceType): string {
  const own = type.split(/[/:]+/).at(-1) ?? type;
  return resourceTypeRow(type).words ?? own.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  gathering: 'Gathering facts',
  assessing: 'Assessing the risk',
  ticketing: 'Opening the ticket',
  'awaiting-decision': 'Waiting for a decision',
  snoozed: 'Snoozed',
  'awaiting-window': 'Approved, waiting for the change window',
  executing: 'Making the change',
  holding: 'Held before destroying',
  verifying: 'Verifying the change',
  'awaiting-bill': 'Waiting for the bill',
  closing: 'Closing',
  closed: 'Closed',
};

/** What the rule found, as an adjective: an over-provisioned machine works, so it must not be called idle. */
export function findingWord(ruleId: string): 'idle' | 'oversized' {
  return ruleId.endsWith('over-provisioned') ? 'oversized' : 'idle';
}

/** `2026-11-23 23:06 UTC` from an ISO instant, for texts that cannot show the reader's own time zone. */
export function readableInstant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `1 approval`, `2 approvals`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const REASON_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^policy:forbid-(.+)$/, 'the policy forbids it ($1)'],
  [/^policy:(.+)$/, 'the policy does not allow it ($1)'],
  [/^budget:(.+)$/, 'the limit is reached ($1)'],
  [/^drift:(.+)$/, '$1 has changed'],
  [/^preflight:(.+)$/, 'the check before the change found: $1'],
  [/^busy-again:(.+)$/, 'it is busy again ($1)'],
  [/^start:(.+)$/, 'it could not be started ($1)'],
  [/^cnapp-policy:(.+)$/, 'a policy of the CNAPP forbids it ($1)'],
  [/^cnapp-detection$/, 'a threat was detected on it since it was assessed'],
  [/^maintenance-window-unreadable:(.+)$/, 'the maintenance window of the CMDB cannot be read ($1)'],
  [/^asset-not-found$/, 'it is not there any more'],
  [/^rescan:(.+)$/, 'the rescan ended as $1'],
  [/^issue-still-open$/, 'an issue is still open'],
];

/** A reason code as people read it; what people wrote stays as it is. */
export function reasonWords(reason: string): string {
  if (/\s/.test(reason)) return reason;
  const known = REASON_WORDS.find(([code]) => code.test(reason));
  return (known ? reason.replace(...known) : reason).replaceAll('_', ' ');
}
