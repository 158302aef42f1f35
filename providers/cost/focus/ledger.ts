import type { Decimal } from 'decimal.js';
import { DAY_MS } from '../shared/days.ts';
import { Exact } from '../shared/exact.ts';
import type { FocusRow } from './row.ts';

/** One resource on one day, exact. `covered` is the part of `effective` that a commitment paid for. */
export interface DayCost {
  readonly billed: Decimal;
  readonly effective: Decimal;
  readonly covered: Decimal;
}

export type CommitmentKind = 'reservation' | 'savings-plan';

export interface CommitmentShare {
  readonly paid: Decimal;
  readonly kind: CommitmentKind | null;
  readonly lastDay: number;
}

export interface ResourceLedger {
  readonly regionId: string | null;
  readonly serviceName: string | null;
  readonly currencies: ReadonlySet<string>;
  /** Charges that were added up. */
  readonly rows: number;
  /** By day number: days since 1970. */
  readonly days: ReadonlyMap<number, DayCost>;
  /** What each commitment paid of it, and on which day last. */
  readonly commitments: ReadonlyMap<string, CommitmentShare>;
}

const ZERO = { billed: new Exact(0), effective: new Exact(0), covered: new Exact(0) };

export type OpenLedger = {
  rows: number;
  regionId: string | null;
  serviceName: string | null;
  currencies: Set<string>;
  days: Map<number, DayCost>;
  commitments: Map<string, CommitmentShare>;
};

export function openLedger(): OpenLedger {
  return { rows: 0, regionId: null, serviceName: null, currencies: new Set(), days: new Map(), commitments: new Map() };
}

/**
 * Whether a charge is what an asset costs to run. Credits, taxes and adjustments come on top of it, and a one-time
 * purchase does not come back tomorrow.
 */
export function isRunning(row: { readonly category: string; readonly frequency: string | null }): boolean {
  return row.category === 'Usage' || (row.category === 'Purchase' && /^recurring$/i.test(row.frequency ?? ''));
}

/** Adds a charge to the days it ran on, by the share of its period that fell on each. */
export function post(ledger: OpenLedger, row: FocusRow): void {
  ledger.rows++;
  ledger.regionId ??= row.regionId;
  ledger.serviceName ??= row.serviceName;
  ledger.currencies.add(row.currency);
  const covered = row.category === 'Usage' && row.commitment !== null && row.commitment.status !== 'Unused';
  for (const { day, share } of sharesOf(row)) {
    const before = ledger.days.get(day) ?? ZERO;
    const effective = share === null ? row.effective : row.effective.times(share);
    ledger.days.set(day, {
      billed: before.billed.plus(share === null ? row.billed : row.billed.times(share)),
      effective: before.effective.plus(effective),
      covered: covered ? before.covered.plus(effective) : before.covered,
    });
  }
  if (!covered || row.commitment === null) return;
  const { id } = row.commitment;
  const before = ledger.commitments.get(id);
  ledger.commitments.set(id, {
    paid: row.effective.plus(before?.paid ?? 0),
    kind: kindOf(row.commitment) ?? before?.kind ?? null,
    lastDay: Math.max(before?.lastDay ?? 0, Math.floor(row.start / DAY_MS)),
  });
}

/** Most charges run within one day and are not divided at all. */
function* sharesOf({ start, end }: FocusRow): Generator<{ day: number; share: Decimal | null }> {
  const first = Math.floor(start / DAY_MS);
  const last = Math.floor(Math.max(start, end - 1) / DAY_MS);
  if (first === last) return void (yield { day: first, share: null });
  for (let day = first; day <= last; day++) {
    const millis = Math.min(end, (day + 1) * DAY_MS) - Math.max(start, day * DAY_MS);
    yield { day, share: new Exact(millis).div(end - start).toSignificantDigits(40) };
  }
}

/** The vendor's own word for the commitment, else what it commits to; null when neither is known. */
function kindOf({ type, category }: NonNullable<FocusRow['commitment']>): CommitmentKind | null {
  if (type !== null && /saving/i.test(type)) return 'savings-plan';
  if (type !== null && /reserv/i.test(type)) return 'reservation';
  if (category === 'Spend') return 'savings-plan';
  return category === 'Usage' ? 'reservation' : null;
}
