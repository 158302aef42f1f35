import { basename } from 'node:path';
import type { Decimal } from 'decimal.js';
import { type Rejection, rejection } from '../shared/cost-line.ts';
import { DAY_MS } from '../shared/days.ts';
import { decimalOf, isDust } from '../shared/exact.ts';
import { CHARGE_CATEGORIES } from './columns.ts';
import { isRunning, type OpenLedger, openLedger, post, type ResourceLedger } from './ledger.ts';
import { type FocusEvent, readFocusFile } from './read.ts';
import type { Cells, Complaint, FocusRow } from './row.ts';
import { accountIn, whoseRow } from './whose-row.ts';
import { instantOf, textOf } from './values.ts';

/** Everything the imported files say about one account, by day. */
export interface AccountBill {
  readonly resources: ReadonlyMap<string, ResourceLedger>;
  /** Running cost of the whole account by currency and day number. */
  readonly totals: ReadonlyMap<string, ReadonlyMap<number, Decimal>>;
  /** Up to when charges are in the files, in milliseconds: what comes later is unknown, not free. */
  readonly reach: number;
  readonly rejected: readonly RejectedCharge[];
}

/** A row that was refused: the resource it belongs to, or its place when it names none. */
export interface RejectedCharge extends Rejection {
  /** What the row would have cost is not known, so what its resource costs is not known either. */
  readonly spoils: boolean;
}

export interface Bill {
  readonly accounts: ReadonlyMap<string, AccountBill>;
  /** Rejected rows that do not even name an account. */
  readonly unplaced: readonly RejectedCharge[];
  /** End of each commitment whose purchase is in the files, in milliseconds. */
  readonly commitmentEnds: ReadonlyMap<string, number>;
}

/** As long as a trend may need a day. */
const KEEP_DAYS = 120;
/** Longer charges are spread over time in advance, and say nothing about how far the bill has got. */
const MAX_METERED_MS = 25 * 3_600_000;
/** A purchase for a month may be one of many instalments; only a longer one states its own term. */
const MIN_TERM_MS = 32 * DAY_MS;

/** Clocks and time zones differ by less. */
const AHEAD_MS = 2 * DAY_MS;

type OpenAccount = {
  resources: Map<string, OpenLedger>;
  totals: Map<string, Map<number, Decimal>>;
  metered: number;
  latest: number;
  rejected: RejectedCharge[];
};

/**
 * Reads all files into daily ledgers; `now` in milliseconds since 1970. Memory grows with resources × days of the trend, not with rows.
 * @throws UnreadableFile: half a bill would look like savings
 */
export async function loadBill(files: readonly string[], now: number): Promise<Bill> {
  const accounts = new Map<string, OpenAccount>();
  const unplaced: RejectedCharge[] = [];
  const commitmentEnds = new Map<string, number>();
  let newest = 0;
  const account = (id: string): OpenAccount => {
    const own = accounts.get(id) ?? { resources: new Map(), totals: new Map(), metered: 0, latest: 0, rejected: [] };
    accounts.set(id, own);
    return own;
  };
  for (const file of files) {
    for await (const event of readFocusFile(file)) {
      if (event.kind === 'header') continue;
      if (event.kind === 'rejected') {
        const start = instantOf(textOf(event.cells['ChargePeriodStart']) ?? '');
        if (start !== undefined && start < newest - KEEP_DAYS * DAY_MS) continue;
        const accountId = accountIn(event.cells);
        (accountId === null ? unplaced : account(accountId).rejected).push(rejectionOf(event, basename(file)));
        continue;
      }
      const { row } = event;
      noteTerm(commitmentEnds, row);
      if (!isRunning(row) || row.end < newest - KEEP_DAYS * DAY_MS) continue;
      // One mistyped year would make everything else look long gone.
      if (row.start > now + AHEAD_MS) {
        const started = new Date(row.start).toISOString();
        const place = `${basename(file)}:${event.line}`;
        const complaint = {
          column: 'ChargePeriodStart',
          found: started,
          fix: 'which is still to come; correct the year',
        };
        account(row.accountId).rejected.push(charge(row.resourceId, place, { complaint, spoils: true }));
        continue;
      }
      newest = Math.max(newest, row.start);
      postTo(account(row.accountId), row);
    }
    for (const own of accounts.values()) forget(own, Math.floor(newest / DAY_MS) - KEEP_DAYS);
  }
  return { accounts: new Map([...accounts].map(([id, own]) => [id, closed(own)])), unplaced, commitmentEnds };
}

function postTo(own: OpenAccount, row: FocusRow): void {
  own.latest = Math.max(own.latest, row.end);
  if (row.end - row.start <= MAX_METERED_MS) own.metered = Math.max(own.metered, row.end);
  if (row.resourceId !== null) {
    const ledger = own.resources.get(row.resourceId) ?? openLedger();
    own.resources.set(row.resourceId, ledger);
    post(ledger, row);
  }
  const whole = openLedger();
  post(whole, row);
  const totals = own.totals.get(row.currency) ?? new Map<number, Decimal>();
  own.totals.set(row.currency, totals);
  for (const [day, { effective }] of whole.days) totals.set(day, effective.plus(totals.get(day) ?? 0));
}

function closed({ resources, totals, rejected, metered, latest }: OpenAccount): AccountBill {
  return { resources, totals, rejected, reach: metered || latest };
}

/** Files come newest first, but one file may hold years. */
function forget({ resources, totals }: OpenAccount, before: number): void {
  const old = (days: Map<number, unknown>) => {
    for (const day of days.keys()) if (day < before) days.delete(day);
  };
  for (const days of totals.values()) old(days);
  for (const [id, ledger] of resources) {
    old(ledger.days);
    if (ledger.days.size === 0) resources.delete(id);
  }
}

function noteTerm(ends: Map<string, number>, row: FocusRow): void {
  if (row.commitment?.end) ends.set(row.commitment.id, Math.max(ends.get(row.commitment.id) ?? 0, row.commitment.end));
  const id = row.commitment?.id ?? row.resourceId;
  if (row.category !== 'Purchase' || id === null || row.end - row.start < MIN_TERM_MS) return;
  ends.set(id, Math.max(ends.get(id) ?? 0, row.end));
}

function rejectionOf(event: Extract<FocusEvent, { kind: 'rejected' }>, file: string): RejectedCharge {
  const { complaint, cells } = event;
  return charge(whoseRow(cells).resourceId, `${file}:${event.line}`, { complaint, spoils: spoils(cells) });
}

function charge(
  resourceId: string | null,
  place: string,
  { complaint, spoils: unknown }: { complaint: Complaint; spoils: boolean },
): RejectedCharge {
  const { column, found, fix } = complaint;
  return {
    ...rejection(resourceId ?? place, `${place}: ${column} is ${JSON.stringify(found)}; ${fix}`),
    field: column,
    found,
    fix: `${place}: ${fix}`,
    spoils: unknown,
  };
}

/** Taxes and credits are no part of what a resource costs, and dust changes nothing: a refused row of those takes nothing along. */
function spoils(cells: Cells): boolean {
  const category = CHARGE_CATEGORIES.find((known) => known === textOf(cells['ChargeCategory']));
  if (category !== undefined && !isRunning({ category, frequency: textOf(cells['ChargeFrequency']) })) return false;
  const amounts = ['BilledCost', 'EffectiveCost'].map((column) => decimalOf(textOf(cells[column]) ?? ''));
  return !amounts.every((amount) => amount !== undefined && isDust(amount));
}
