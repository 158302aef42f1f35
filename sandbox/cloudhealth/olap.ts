import type { BillSource } from '../kit/bill-source.ts';
import { accountTotals, sumOf } from './rows.ts';

const CLOUDS: Readonly<Record<string, string>> = {
  'AWS-Account': 'aws',
  'Azure-Subscription': 'azure',
  'GCP-Project': 'gcp',
};
const WINDOW: Readonly<Record<string, number>> = { daily: 31 };
const TOTAL = { label: 'Total', name: 'total' };

/** What the API answers with 422. */
export class BadInput extends Error {}

/** `/olap_reports/cost/history` by day and account: a nested array with `total` first on both axes. */
export async function costHistory(bill: BillSource, query: URLSearchParams): Promise<object> {
  const dimensions = query.getAll('dimensions[]');
  const measures = query.getAll('measures[]');
  const interval = query.get('interval') ?? 'monthly';
  const days = WINDOW[interval];
  const [time, accountDimension = ''] = dimensions;
  const cloud = CLOUDS[accountDimension];
  if (days === undefined) throw new BadInput(`interval ${interval} is not offered here`);
  if (dimensions.length !== 2 || time !== 'time' || cloud === undefined)
    throw new BadInput('dimensions[] must be time and an account dimension');
  if (measures.join() !== 'cost') throw new BadInput('measures[] must be cost');
  const { dates, accounts, total } = await accountTotals(bill, { cloud, days });
  const cell = (date: string, account: string) => {
    const rows = total(date, account);
    return rows === null ? null : [Number(sumOf(rows.map((r) => r.amount)))];
  };
  const sum = (cells: readonly (number[] | null)[]) => [cells.reduce((all, c) => all + (c?.[0] ?? 0), 0)];
  const lines = dates.map((date) => accounts.map((account) => cell(date, account)));
  const collapse = query.get('collapse_null_arrays') === '1';
  const data = [
    [sum(lines.flat()), ...accounts.map((_, j) => sum(lines.map((line) => line[j] ?? null)))],
    ...lines.map((line) => (collapse && line.every((c) => c === null) ? null : [sum(line), ...line])),
  ];
  return {
    report: 'Cost History',
    dimensions: [
      { time: [TOTAL, ...dates.map((date) => ({ label: date, name: date }))] },
      // A member is called by an id of CloudHealth's own.
      {
        [accountDimension]: [
          TOTAL,
          ...accounts.map((id, i) => ({ label: `${id} (sandbox)`, name: `2061${i}`, extended: false })),
        ],
      },
    ],
    measures: [{ name: 'cost', label: 'Cost ($)' }],
    interval,
    filters: [],
    updated_at: new Date(bill.until()).toISOString(),
    data,
    status: 'ok',
  };
}
