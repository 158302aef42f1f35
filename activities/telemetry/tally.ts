import { Decimal } from 'decimal.js';
import type { Tally, TrailRow } from '../../ports/trail.ts';

/** One thing counted: a metric, its tags, and by how much. */
export interface Count {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly by: string;
}

const DECISIONS: Readonly<Record<string, string>> = {
  APPROVAL_GIVEN: 'approved',
  APPROVAL_REJECTED: 'rejected',
  APPROVAL_SNOOZED: 'snoozed',
  APPROVAL_EXPIRED: 'expired',
  APPROVAL_REFUSED: 'refused',
  APPROVAL_CANCELLED: 'cancelled',
};

/** Types that add to a total; the rest of the trail need not be read for it. */
export const COUNTED = [
  ...Object.keys(DECISIONS),
  'OUTCOME',
  'FEEDBACK',
  'ROLLBACK',
  'CRED_ISSUED',
  'EGRESS_BLOCKED',
  'SECURITY',
] as const;

export function countsOf({ event, fields }: Pick<TrailRow, 'event' | 'fields'>): Count[] {
  if (event === null) return [];
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? value : 'unknown';
  };
  const one = (metric: string, tags: Count['tags']): Count[] => [{ metric, tags, by: '1' }];
  const decision = DECISIONS[event.type];
  if (decision !== undefined) return one('idlewise.decisions', { decision, by: event.actor.kind });
  if (event.type === 'OUTCOME')
    return one('idlewise.runs', { outcome: text('outcome'), action: 'action' in fields ? text('action') : 'none' });
  if (event.type === 'FEEDBACK')
    return [...one('idlewise.savings.checks', { result: text('result') }), ...saving(fields)];
  if (event.type === 'ROLLBACK') return one('idlewise.rollbacks', { result: text('result') });
  if (event.type === 'CRED_ISSUED') return one('idlewise.credentials.issued', {});
  if (event.type === 'EGRESS_BLOCKED') return one('idlewise.model.blocked', {});
  return event.type === 'SECURITY' ? one('idlewise.security.refusals', { reason: text('reason') }) : [];
}

/** Only what the bill has confirmed. */
function saving(fields: TrailRow['fields']): Count[] {
  const { result, saving_monthly: amount, saving_currency: currency } = fields;
  if (result !== 'verified' || typeof amount !== 'string' || typeof currency !== 'string') return [];
  return [{ metric: 'idlewise.savings.verified_monthly', tags: { currency }, by: amount }];
}

export function addCounts(tally: Tally, counts: readonly Count[]): Tally {
  const sum: Record<string, string> = { ...tally };
  for (const { metric, tags, by } of counts) {
    const key = JSON.stringify([metric, tags]);
    sum[key] = new Decimal(sum[key] ?? 0).plus(by).toFixed();
  }
  return sum;
}

/** Over all streams. */
export function totalsOf(tallies: Iterable<{ readonly counts: Tally }>): Count[] {
  const sums = new Map<string, Decimal>();
  for (const { counts } of tallies)
    for (const [key, value] of Object.entries(counts)) sums.set(key, (sums.get(key) ?? new Decimal(0)).plus(value));
  return [...sums]
    .map(([key, sum]) => {
      const [metric, tags] = JSON.parse(key) as [string, Record<string, string>];
      return { metric, tags, by: sum.toFixed() };
    })
    .toSorted((a, b) => (a.metric < b.metric ? -1 : 1));
}
