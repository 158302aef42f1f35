import { Decimal } from 'decimal.js';
import type { BillSource, DailyBillRow } from '../kit/bill-source.ts';
import { chargeTypeOf } from './charge-types.ts';
import { accountIdOf, BadRequest, billingAccountOf, parseVql } from './vql.ts';

const DAY_MS = 86_400_000;
const Exact = Decimal.clone({ precision: 100 });
const isoDay = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

const GROUPINGS: Readonly<Record<string, (row: DailyBillRow) => string | null>> = {
  provider: (row) => row.provider,
  billing_account_id: billingAccountOf,
  account_id: accountIdOf,
  service: (row) => row.service,
  region: (row) => row.region,
  resource_id: (row) => row.resourceId,
  charge_type: chargeTypeOf,
};
/** A charge type can be grouped by, but is no field of the answer. */
const ANSWERED = Object.keys(GROUPINGS).filter((g) => g !== 'charge_type');

export interface CostAnswer {
  readonly costs: readonly Record<string, string | null>[];
  readonly total_cost: { amount: string; currency: string };
}

/** Everything one query asks for; paging cuts it afterwards. @throws BadRequest */
export async function costsOf(bill: BillSource, query: URLSearchParams): Promise<CostAnswer> {
  const filter = query.get('filter');
  if (!filter) throw new BadRequest('cost_report_token or filter must be given');
  const matches = parseVql(filter);
  const { from, to } = spanOf(query, bill.until());
  const bin = query.get('date_bin') ?? 'day';
  if (bin !== 'day') throw new BadRequest(`date_bin ${bin} is not offered here`);
  const groupings = (query.get('groupings') ?? 'provider,service,account_id').split(',');
  const unknown = groupings.find((g) => !GROUPINGS[g]);
  if (unknown) throw new BadRequest(`groupings does not have a valid value: ${unknown}`);
  const setting = (name: string, otherwise: boolean) => (query.get(`settings[${name}]`) ?? `${otherwise}`) === 'true';
  const left = new Set<string>([
    ...(setting('include_tax', true) ? [] : ['tax']),
    ...(setting('include_credits', false) ? [] : ['credit']),
    ...(setting('include_refunds', false) ? [] : ['refund']),
  ]);
  const amortize = setting('amortize', true);
  const rows = (await bill.rows({ from, to: isoDay(Date.parse(to) + DAY_MS) })).filter(
    // What was bought at once is spread over the usage when amortised.
    (row) => matches(row) && !left.has(row.chargeType) && !(amortize && row.chargeType === 'purchase'),
  );
  const groups = new Map<string, { row: DailyBillRow; amounts: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.date, row.currency, ...groupings.map((g) => GROUPINGS[g]?.(row))]);
    const group = groups.get(key) ?? { row, amounts: [] };
    group.amounts.push(amortize ? row.amount : row.billed);
    groups.set(key, group);
  }
  const descending = query.get('order') !== 'asc';
  const costs = [...groups.values()].map(({ row, amounts }) => costItem(row, groupings, sumOf(amounts)));
  costs.sort((a, b) => (descending ? -1 : 1) * (a['accrued_at'] as string).localeCompare(b['accrued_at'] as string));
  const currency = rows[0]?.currency ?? 'USD';
  const total = costs.filter((c) => c['currency'] === currency && c['amount'] !== 'NaN');
  return {
    costs,
    total_cost: { amount: new Exact(sumOf(total.map((c) => c['amount'] as string))).toFixed(2), currency },
  };
}

function costItem(row: DailyBillRow, groupings: readonly string[], amount: string): Record<string, string | null> {
  const fields = ANSWERED.map((g) => [g, groupings.includes(g) ? (GROUPINGS[g]?.(row) ?? null) : null]);
  return { accrued_at: `${row.date}+00:00`, amount, currency: row.currency, ...Object.fromEntries(fields) };
}

function sumOf(amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(/^-?[\d.]+$/.test(amount) ? amount : NaN), new Exact(0)).toFixed();
}

/** Both days belong to the span. */
function spanOf(query: URLSearchParams, until: number): { from: string; to: string } {
  const to = query.get('end_date') ?? isoDay(until);
  const from = query.get('start_date') ?? `${to.slice(0, 8)}01`;
  if (Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to)))
    throw new BadRequest('start_date and end_date must be ISO 8601 dates');
  if (from > to) throw new BadRequest('start_date must be before end_date');
  return { from: from.slice(0, 10), to: to.slice(0, 10) };
}
