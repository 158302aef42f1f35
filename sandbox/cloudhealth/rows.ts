import { stringify } from 'csv-stringify/sync';
import { Decimal } from 'decimal.js';
import type { BillSource, DailyBillRow } from '../kit/bill-source.ts';
import type { SeededReport } from './types.ts';

const DAY_MS = 86_400_000;
const Exact = Decimal.clone({ precision: 100 });
const isoDay = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

/** The columns of the report, by what the usage report of the cloud calls them. */
const COLUMNS: Readonly<Record<string, (row: DailyBillRow) => string>> = {
  Day: (row) => row.date,
  AccountId: (row) => row.accountId,
  ResourceId: (row) => row.resourceId ?? '',
  Service: (row) => row.service,
  Region: (row) => row.region ?? '',
  ChargeType: lineItemType,
  CommitmentId: (row) => row.commitment?.id ?? '',
  CommitmentEnd: (row) => row.commitment?.endsAt ?? '',
  Currency: (row) => row.currency,
};

/** The report as CSV files of so many rows, each with the header, grouped as its SQL groups. */
export async function reportFiles(
  bill: BillSource,
  report: SeededReport,
  { fileRows }: { fileRows: number },
): Promise<string[]> {
  const today = Math.floor(bill.until() / DAY_MS) * DAY_MS;
  const days = { from: isoDay(today - (report.days ?? 90) * DAY_MS), to: isoDay(today + DAY_MS) };
  const rows = (await bill.rows(days)).filter(
    (row) => row.provider === report.cloud && !report.withoutServices?.includes(row.service),
  );
  const names = Object.keys(COLUMNS).filter((name) => !report.without?.includes(name));
  const groups = Map.groupBy(rows, (row) => JSON.stringify(names.map((name) => COLUMNS[name]?.(row))));
  const records = [...groups].map(([key, lines]) => [
    ...(JSON.parse(key) as string[]),
    sumOf(lines.map((line) => line.amount)),
    sumOf(lines.map((line) => line.billed)),
  ]);
  const header = [...names, 'EffectiveCost', 'BilledCost'];
  const files = Math.max(1, Math.ceil(records.length / fileRows));
  return Array.from({ length: files }, (_, i) =>
    stringify([header, ...records.slice(i * fileRows, (i + 1) * fileRows)]),
  );
}

/** Daily totals by account for the cost history. */
export async function accountTotals(bill: BillSource, { cloud, days }: { cloud: string; days: number }) {
  const today = Math.floor(bill.until() / DAY_MS) * DAY_MS;
  const span = { from: isoDay(today - days * DAY_MS), to: isoDay(today) };
  const rows = (await bill.rows(span)).filter((row) => row.provider === cloud && row.chargeType === 'usage');
  const dates = Array.from({ length: days }, (_, i) => isoDay(today - (days - i) * DAY_MS));
  const accounts = [...new Set(rows.map((row) => row.accountId))].sort();
  const cell = Map.groupBy(rows, (row) => `${row.date} ${row.accountId}`);
  return { dates, accounts, total: (date: string, account: string) => cell.get(`${date} ${account}`) ?? null };
}

export function sumOf(amounts: readonly string[]): string {
  return amounts.reduce((sum, text) => sum.plus(/^-?[\d.]+$/.test(text) ? text : NaN), new Exact(0)).toFixed();
}

/** Line item types of the AWS usage report; other clouds' reports are made to use the same words. */
function lineItemType({ chargeType, commitment }: DailyBillRow): string {
  if (chargeType === 'usage' && commitment !== null) {
    if (commitment.type === 'reservation') return commitment.unused ? 'RIFee' : 'DiscountedUsage';
    return commitment.unused ? 'SavingsPlanRecurringFee' : 'SavingsPlanCoveredUsage';
  }
  return { usage: 'Usage', purchase: 'Fee', credit: 'Credit', refund: 'Refund', tax: 'Tax' }[chargeType];
}
