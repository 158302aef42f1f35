import { createHash } from 'node:crypto';
import { Decimal } from 'decimal.js';
import type { BillSource, DailyBillRow } from '../kit/bill-source.ts';

const DAY_MS = 86_400_000;
const LOOK_BACK = 30;
/** A day that costs so many times its seven-day average, and at least so much more, is an anomaly. */
const FACTOR = 1.5;
const LEAST = 1;
const isoDay = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10);

export const hexOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
export const resourceToken = (resourceId: string) => `prvdr_rsrc_${hexOf(resourceId)}`;
export const reportToken = (accountId: string) => `rprt_${hexOf(accountId)}`;

/** Anomalies by account and service over the last 30 billed days. Every account has a cost report of its own. */
export async function anomaliesOf(bill: BillSource, statuses: ReadonlyMap<string, string>) {
  const end = Math.floor(bill.until() / DAY_MS) * DAY_MS;
  const rows = await bill.rows({ from: isoDay(end - LOOK_BACK * DAY_MS), to: isoDay(end) });
  const series = Map.groupBy(rows.filter(isReadable), (row) => JSON.stringify([row.accountId, row.service]));
  const found = [...series.values()].flatMap((lines) => {
    const days = Map.groupBy(lines, (row) => row.date);
    const total = (day: number) => sum(days.get(isoDay(day)) ?? []);
    const anomalies = [];
    for (let day = end - (LOOK_BACK - 7) * DAY_MS; day < end; day += DAY_MS) {
      const before = Array.from({ length: 7 }, (_, i) => total(day - (i + 1) * DAY_MS));
      const average = Decimal.sum(...before).div(7);
      const today = total(day);
      if (average.isZero() || today.lt(average.times(FACTOR)) || today.minus(average).lt(LEAST)) continue;
      const [row] = lines as [DailyBillRow];
      const resources = risen(days.get(isoDay(day)) ?? [], days.get(isoDay(day - DAY_MS)) ?? []);
      const token = `anmly_alrt_${hexOf(`${row.accountId}/${row.service}/${day}`)}`;
      anomalies.push({
        token,
        created_at: new Date(day + DAY_MS - 1000).toISOString(),
        alerted_at: null,
        category: 'Usage',
        service: row.service,
        provider: row.provider,
        amount: today.toFixed(2),
        previous_amount: (before[0] as Decimal).toFixed(2),
        seven_day_average: average.toFixed(2),
        status: statuses.get(token) ?? 'active',
        feedback: null,
        resources: resources.map((r) => r.resourceName ?? (r.resourceId as string)),
        resource_tokens: resources.map((r) => resourceToken(r.resourceId as string)),
        cost_report_token: reportToken(row.accountId),
      });
    }
    return anomalies;
  });
  return found.sort((a, b) => b.created_at.localeCompare(a.created_at));
}

/** The resources that cost clearly more than the day before. */
function risen(today: readonly DailyBillRow[], yesterday: readonly DailyBillRow[]): DailyBillRow[] {
  const [now, before] = [byResource(today), byResource(yesterday)];
  return [...now.values()]
    .filter((rows) => sum(rows).gt(sum(before.get(rows[0]?.resourceId ?? null) ?? []).times(FACTOR)))
    .flatMap((rows) => rows.slice(0, 1))
    .filter((row) => row.resourceId !== null);
}

function byResource(rows: readonly DailyBillRow[]): Map<string | null, DailyBillRow[]> {
  return Map.groupBy(rows, (row) => row.resourceId);
}

function isReadable(row: DailyBillRow): boolean {
  return /^\d/.test(row.amount) && row.chargeType === 'usage';
}

function sum(rows: readonly DailyBillRow[]): Decimal {
  return rows.reduce((total, row) => total.plus(row.amount), new Decimal(0));
}
