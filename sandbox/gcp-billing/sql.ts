import { invalidQuery } from './errors.ts';

/** A query in the one form that is understood: columns of one table, conditions, grouping. */
export interface ParsedSql {
  readonly columns: readonly { readonly expression: string; readonly alias: string }[];
  readonly table: string;
  readonly conditions: readonly string[];
  readonly groupBy: readonly string[];
}

const FORM = /^SELECT (?<select>.+) FROM `(?<table>[^`]+)` WHERE (?<where>.+?)(?: GROUP BY (?<group>[\w, ]+))?$/;

/** @throws BigQueryError invalidQuery */
export function parseSql(text: string): ParsedSql {
  const groups = FORM.exec(text.replace(/\s+/g, ' ').trim())?.groups;
  if (!groups) throw invalidQuery('Syntax error: this query is not understood here');
  const { select = '', table = '', where = '', group = '' } = groups;
  const columns = splitTop(select, ', ').map((column) => {
    const match = /^(?<expression>.+) AS (?<alias>\w+)$/.exec(column)?.groups;
    if (!match) throw invalidQuery(`Syntax error: no alias for ${column.slice(0, 60)}`);
    return { expression: match['expression'] ?? '', alias: match['alias'] ?? '' };
  });
  const groupBy = group === '' ? [] : group.split(',').map((name) => name.trim());
  return { columns, table, conditions: splitTop(where, ' AND '), groupBy };
}

/** Splits where no parenthesis is open. */
function splitTop(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth !== 0 || !text.startsWith(separator, i)) continue;
    parts.push(text.slice(start, i).trim());
    start = i + separator.length;
    i = start - 1;
  }
  parts.push(text.slice(start).trim());
  return parts;
}
