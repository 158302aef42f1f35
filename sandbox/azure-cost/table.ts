import type { DailyBillRow } from '../kit/bill-source.ts';
import { groupColumns, groupValues, isOf, passes, sumOf } from './dimensions.ts';
import type { CostQuery } from './query.ts';

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: 'Number' | 'String' }[];
  /** Each row as the text of a JSON array, so that amounts keep all their digits. */
  readonly rows: readonly string[];
}

/** Groups bill rows as asked: aggregations first, then what they are grouped by, then the date, then the currency. */
export function tableOf(bill: readonly DailyBillRow[], query: CostQuery): Table {
  const { type, granularity, aggregation, grouping, filter } = query;
  const groups = new Map<string, { labels: string[]; rows: DailyBillRow[] }>();
  for (const row of bill) {
    if (!isOf(row, type) || !passes(row, filter)) continue;
    const labels = [...groupValues(row, grouping), ...dateOf(row, granularity), row.currency].map((v) =>
      JSON.stringify(v),
    );
    const key = labels.join();
    const group = groups.get(key) ?? { labels, rows: [] };
    groups.set(key, group);
    group.rows.push(row);
  }
  return {
    columns: [
      // Called after the measure, whatever alias was chosen: so the published example and recorded answers have it.
      ...aggregation.map(({ measure }) => ({ name: measure, type: 'Number' as const })),
      ...groupColumns(grouping),
      ...dateColumn(granularity),
      { name: 'Currency', type: 'String' as const },
    ],
    rows: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { labels, rows }]) => {
        const sums = aggregation.map(({ measure }) => sumOf(rows, measure, type));
        return `[${[...sums, ...labels].join(',')}]`;
      }),
  };
}

function dateOf(row: DailyBillRow, granularity: CostQuery['granularity']): (number | string)[] {
  if (granularity === 'None') return [];
  if (granularity === 'Daily') return [Number(row.date.replaceAll('-', ''))];
  return [`${row.date.slice(0, 7)}-01T00:00:00`];
}

function dateColumn(granularity: CostQuery['granularity']): Table['columns'] {
  if (granularity === 'None') return [];
  return granularity === 'Daily' ? [{ name: 'UsageDate', type: 'Number' }] : [{ name: 'BillingMonth', type: 'String' }];
}
