import { Decimal } from 'decimal.js';
import { invalidQuery } from './errors.ts';
import type { ExportCredit, ExportRow } from './export-rows.ts';

export type Params = ReadonlyMap<string, string | readonly string[]>;
export type Value = string | null;

const Exact = Decimal.clone({ precision: 200, toExpNeg: -100, toExpPos: 100 });
const COST = 'SAFE_CAST(CAST(cost AS STRING) AS BIGNUMERIC)';
const AMOUNT = 'SAFE_CAST(CAST(c.amount AS STRING) AS BIGNUMERIC)';

const FIELDS: Readonly<Record<string, (row: ExportRow) => Value>> = {
  'project.id': (row) => row.projectId,
  'project.number': (row) => row.projectNumber,
  "FORMAT_TIMESTAMP('%F', usage_start_time)": (row) => row.usageDay,
  'resource.global_name': (row) => row.globalName,
  'resource.name': (row) => row.name,
  'location.region': (row) => row.region,
  'location.zone': (row) => row.zone,
  'service.description': (row) => row.service,
  currency: (row) => row.currency,
  'consumption_model.id': (row) => row.model?.id ?? null,
  'consumption_model.description': (row) => row.model?.description ?? null,
};

/** A column of the table for one row; null when the expression is none. */
export function fieldOf(expression: string): ((row: ExportRow) => Value) | null {
  return FIELDS[expression] ?? null;
}

/** What an expression makes of the rows of one group. @throws BigQueryError invalidQuery */
export function aggregateOf(expression: string, params: Params): (rows: readonly ExportRow[]) => Value {
  const sum = /^CAST\(IFNULL\(SUM\((?<value>.+)\), 0\) AS STRING\)$/.exec(expression)?.groups?.['value'];
  if (sum !== undefined) {
    const value = valueOf(sum, params);
    return (rows) => rows.reduce((total, row) => total.plus(value(row) ?? 0), new Exact(0)).toFixed();
  }
  const least = /^MIN\(\(SELECT MIN\(c\.id\) FROM UNNEST\(credits\) AS c WHERE (?<where>.+)\)\)$/.exec(
    expression,
  )?.groups;
  if (least) {
    const passes = creditFilter(least['where'] ?? '', params);
    return (rows) => rows.flatMap((row) => row.credits.filter(passes).map((c) => c.id)).sort()[0] ?? null;
  }
  const unreadable = `COUNTIF(${COST} IS NULL OR EXISTS(SELECT 1 FROM UNNEST(credits) AS c WHERE ${AMOUNT} IS NULL))`;
  if (expression === unreadable)
    return (rows) =>
      String(
        rows.filter((row) => safeCast(row.cost) === null || row.credits.some((c) => safeCast(c.amount) === null))
          .length,
      );
  throw invalidQuery(`Unrecognized expression: ${expression.slice(0, 120)}`);
}

function valueOf(expression: string, params: Params): (row: ExportRow) => Decimal | null {
  if (expression === COST) return (row) => safeCast(row.cost);
  const prefix = `IFNULL((SELECT SUM(${AMOUNT}) FROM UNNEST(credits) AS c WHERE `;
  if (!expression.startsWith(prefix) || !expression.endsWith('), 0)'))
    throw invalidQuery(`Unrecognized expression: ${expression.slice(0, 120)}`);
  const passes = creditFilter(expression.slice(prefix.length, -'), 0)'.length), params);
  return (row) => row.credits.filter(passes).reduce((sum, c) => sum.plus(safeCast(c.amount) ?? 0), new Exact(0));
}

function creditFilter(condition: string, params: Params): (credit: ExportCredit) => boolean {
  if (condition === 'TRUE') return () => true;
  const name = /^c\.type IN UNNEST\(@(\w+)\)$/.exec(condition)?.[1];
  if (name === undefined) throw invalidQuery(`Unrecognized condition: ${condition.slice(0, 120)}`);
  const types = listOf(params, name);
  return (credit) => types.includes(credit.type);
}

/** Whether a row passes a condition of the WHERE clause. @throws BigQueryError invalidQuery */
export function conditionOf(condition: string, params: Params): (row: ExportRow) => boolean {
  const time = /^(?<field>_PARTITIONTIME|usage_start_time) (?<operator>>=|<) TIMESTAMP\(@(?<name>\w+)\)$/.exec(
    condition,
  )?.groups;
  if (time) {
    const bound = textOf(params, time['name'] ?? '');
    const of = (row: ExportRow) => (time['field'] === '_PARTITIONTIME' ? row.partition : row.usageDay);
    return time['operator'] === '<' ? (row) => of(row) < bound : (row) => of(row) >= bound;
  }
  const projects = /^project\.id IN UNNEST\(@(\w+)\)$/.exec(condition)?.[1];
  if (projects !== undefined) {
    const list = listOf(params, projects);
    return (row) => list.includes(row.projectId);
  }
  if (condition === "cost_type = 'regular'") return (row) => row.costType === 'regular';
  if (condition === 'resource.global_name IS NOT NULL') return (row) => row.globalName !== null;
  throw invalidQuery(`Unrecognized condition: ${condition.slice(0, 120)}`);
}

function listOf(params: Params, name: string): readonly string[] {
  const value = params.get(name);
  if (value === undefined || typeof value === 'string') throw invalidQuery(`Query parameter '${name}' is not an array`);
  return value;
}

export function textOf(params: Params, name: string): string {
  const value = params.get(name);
  if (typeof value !== 'string') throw invalidQuery(`Query parameter '${name}' not found`);
  return value;
}

/** NaN and the infinities have no decimal. */
function safeCast(text: string): Decimal | null {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? new Exact(text) : null;
}
