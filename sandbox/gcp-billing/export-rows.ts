import { Decimal } from 'decimal.js';
import { hashText } from '../estate/random.ts';
import type { DailyBillRow } from '../kit/bill-source.ts';

const DAY_MS = 86_400_000;
/** Half of every charge is known at once; the other half is exported this much later. */
const LATE_DAYS = 2;
/** From here on spend-based commitments price usage under a model of their own instead of giving credits. */
const MODELS_SINCE = '2026-01-21';
const DEFAULT_MODEL = { id: '7754-699E-F0EB', description: 'Default' };
/** What the export shows as an automatic discount: taken off what is charged first. */
const SUSTAINED_SHARE = '0.25';

export interface ExportCredit {
  readonly type: string;
  readonly id: string;
  readonly amount: string;
}

/** One row of the export's table. Amounts are the shortest text of a binary fraction, which is how the table holds them. */
export interface ExportRow {
  /** Day of ingestion: the partition. */
  readonly partition: string;
  readonly usageDay: string;
  readonly projectId: string;
  readonly projectNumber: string;
  readonly globalName: string | null;
  readonly name: string | null;
  readonly region: string | null;
  readonly zone: string | null;
  readonly service: string;
  readonly currency: string;
  readonly costType: 'regular' | 'tax' | 'adjustment';
  readonly cost: string;
  readonly credits: readonly ExportCredit[];
  /** Null before there were any. */
  readonly model: { readonly id: string; readonly description: string } | null;
}

/** The export's rows for a bill, up to the moment `until` (epoch ms). */
export function exportRows(bill: readonly DailyBillRow[], until: number): ExportRow[] {
  return bill.flatMap((row) => rowsOf(row, new Date(until).toISOString().slice(0, 10)));
}

function rowsOf(row: DailyBillRow, lastDay: string): ExportRow[] {
  const base = {
    usageDay: row.date,
    projectId: row.accountId,
    projectNumber: projectNumber(row.accountId),
    ...resourceOf(row),
    region: row.region,
    service: row.service,
    currency: row.currency,
    costType: 'regular' as const,
    model: row.date < MODELS_SINCE ? null : DEFAULT_MODEL,
  };
  const late = dayAfter(row.date, LATE_DAYS);
  const later = late < lastDay ? late : lastDay;
  const halves = halvesOf(row.amount).map((amount, i) => ({ amount, partition: i === 0 ? row.date : later }));
  const fee = { ...base, globalName: null, name: null, zone: null, credits: [] };
  if (row.chargeType === 'tax' || row.chargeType === 'refund')
    return halves.map(({ amount, partition }) => ({
      ...base,
      partition,
      cost: floatText(amount),
      credits: [],
      costType: row.chargeType === 'tax' ? 'tax' : 'adjustment',
    }));
  if (row.chargeType === 'credit')
    return halves.map(({ amount, partition }) => ({
      ...base,
      partition,
      cost: '0',
      credits: [{ type: 'PROMOTION', id: 'trial', amount: floatText(amount) }],
    }));
  // Purchases of commitments are the fees below, day by day.
  if (row.chargeType === 'purchase' && row.commitment) return [];
  if (!row.commitment) return halves.map(({ amount, partition }) => ({ ...base, partition, ...discounted(amount) }));
  const { type, id, unused } = row.commitment;
  if (type === 'savings-plan' && row.date >= MODELS_SINCE)
    return halves.flatMap(({ amount, partition }) => {
      const cost = floatText(amount);
      const model = { id: id ?? 'D97B-0795-975B', description: 'Compute Flexible CUDs' };
      const used = { ...base, partition, cost, credits: [], model };
      // The fee is charged, and given back as far as usage was priced under the model.
      const offset = [{ type: 'FEE_UTILIZATION_OFFSET', id: model.id, amount: negated(cost) }];
      return unused ? [{ ...fee, partition, cost }] : [used, { ...fee, partition, cost, credits: offset }];
    });
  const credit = type === 'reservation' ? 'COMMITTED_USAGE_DISCOUNT' : 'COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE';
  return halves.flatMap(({ amount, partition }) => {
    const cost = floatText(amount);
    const covered = { ...base, partition, cost, credits: [{ type: credit, id: id ?? credit, amount: negated(cost) }] };
    // What was committed is charged whether or not anything uses it.
    const paid = { ...fee, partition, cost };
    return unused ? [paid] : [covered, paid];
  });
}

/** Charged first and given back in part, so that what is left is `amount`. */
function discounted(amount: string): Pick<ExportRow, 'cost' | 'credits'> {
  const value = numberOf(amount);
  if (value === null) return { cost: amount, credits: [] };
  const discount = value.times(SUSTAINED_SHARE);
  return {
    cost: floatText(value.plus(discount).toString()),
    credits: [{ type: 'SUSTAINED_USAGE_DISCOUNT', id: 'sustained', amount: floatText(discount.negated().toString()) }],
  };
}

function halvesOf(amount: string): [string, string] | [string] {
  const value = numberOf(amount);
  if (value === null) return [amount];
  const first = value.div(2).toDecimalPlaces(10);
  return [first.toString(), value.minus(first).toString()];
}

function numberOf(text: string): Decimal | null {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? new Decimal(text) : null;
}

function floatText(text: string): string {
  return String(Number(text));
}

function negated(text: string): string {
  return text === '0' || text === 'NaN' ? text : text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

export function projectNumber(projectId: string): string {
  return String(100_000_000_000 + hashText(projectId));
}

/** The export's own spelling: project by number, kind in the singular, resource by number; the name stands beside it. */
function resourceOf({ resourceId, resourceName, accountId }: DailyBillRow) {
  if (resourceId === null) return { globalName: null, name: null, zone: null };
  const groups = /^\/\/(?<service>[^/]+)\/projects\/[^/]+\/(?<place>.*\/)?(?<kind>[^/]+)\/(?<id>[^/]+)$/.exec(
    resourceId,
  )?.groups;
  if (!groups) return { globalName: resourceId, name: resourceName, zone: null };
  const { service = '', place = '', kind = '', id = '' } = groups;
  const zone = /^zones\/([^/]+)\/$/.exec(place)?.[1] ?? null;
  const project = projectNumber(accountId);
  if (service === 'cloudsql.googleapis.com')
    return { globalName: `//sqladmin.googleapis.com/projects/${project}/${place}${kind}/${id}`, name: null, zone };
  const number = `${hashText(resourceId)}${hashText(id)}`;
  const singular = kind === 'addresses' ? 'address' : kind.replace(/s$/, '');
  const globalName = `//${service}/projects/${project}/${place}${singular}/${number}`;
  return { globalName, name: singular === 'disk' ? `projects/${accountId}/${place}${kind}/${id}` : id, zone };
}
