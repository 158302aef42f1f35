import type { BillSource } from '../kit/bill-source.ts';
import { BigQueryError, invalidQuery } from './errors.ts';
import { type ExportRow, exportRows } from './export-rows.ts';
import { aggregateOf, conditionOf, fieldOf, type Params, textOf, type Value } from './expressions.ts';
import { parseSql } from './sql.ts';

const DAY_MS = 86_400_000;

export interface Result {
  readonly fields: readonly { readonly name: string; readonly type: 'STRING' | 'INTEGER'; readonly mode: 'NULLABLE' }[];
  readonly rows: readonly (readonly Value[])[];
  readonly bytes: number;
}

export interface TableOptions {
  readonly billRows: BillSource;
  /** `project.dataset.table` */
  readonly table: string;
  /** What a row weighs in a scan. */
  readonly bytesPerRow: number;
}

/** Answers one query on the export. @throws BigQueryError */
export async function runQuery(text: string, params: Params, options: TableOptions): Promise<Result> {
  const { columns, table, conditions, groupBy } = parseSql(text);
  if (table !== options.table)
    throw new BigQueryError(
      404,
      'notFound',
      `Not found: Table ${table.replace('.', ':')} was not found in location US`,
    );
  const bound = conditions.flatMap((c) => /^_PARTITIONTIME >= TIMESTAMP\(@(\w+)\)$/.exec(c)?.[1] ?? [])[0];
  if (bound === undefined)
    throw invalidQuery(
      `Cannot query over table '${table}' without a filter over column(s) '_PARTITION_LOAD_TIME', '_PARTITIONDATE', '_PARTITIONTIME' that can be used for partition elimination`,
    );
  const filters = conditions.map((condition) => conditionOf(condition, params));
  const makers = columns.map(({ expression, alias }) => {
    const field = fieldOf(expression);
    if (field && !groupBy.includes(alias))
      throw invalidQuery(`SELECT list expression references ${expression} which is neither grouped nor aggregated`);
    return field ?? aggregateOf(expression, params);
  });
  const all = await scanned(textOf(params, bound), options.billRows);
  const groups = new Map<string, ExportRow[]>();
  for (const row of all) {
    if (!filters.every((passes) => passes(row))) continue;
    const key = JSON.stringify(columns.map(({ expression }) => fieldOf(expression)?.(row) ?? null));
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return {
    fields: columns.map(({ expression, alias }) => ({
      name: alias,
      type: expression.startsWith('COUNTIF') ? 'INTEGER' : 'STRING',
      mode: 'NULLABLE',
    })),
    rows: [...groups].map(([, rows]) =>
      columns.map(({ expression }, i) => {
        const field = fieldOf(expression);
        if (field) return field(rows[0] as ExportRow);
        return (makers[i] as (rows: readonly ExportRow[]) => Value)(rows);
      }),
    ),
    bytes: all.length * options.bytesPerRow,
  };
}

/** Rows in the partitions that are looked at: what a scan is charged for, whatever the other conditions. */
async function scanned(from: string, billRows: BillSource): Promise<ExportRow[]> {
  const until = billRows.until();
  const to = new Date(Math.floor(until / DAY_MS) * DAY_MS + DAY_MS).toISOString().slice(0, 10);
  // Late rows of earlier days are in later partitions.
  const earlier = new Date(Date.parse(from) - 5 * DAY_MS).toISOString().slice(0, 10);
  const bill = await billRows.rows({ from: earlier, to });
  const own = bill.filter((row) => row.provider === 'gcp');
  return exportRows(own, until).filter((row) => row.partition >= from);
}
