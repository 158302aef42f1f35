import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import { failure } from './errors.ts';

const Cell = z.union([z.string(), z.null()]);
const Page = z.object({
  properties: z.object({
    nextLink: z.string().nullish(),
    columns: z.array(z.object({ name: z.string() })).min(1),
    rows: z.array(z.unknown()),
  }),
});
const Row = z.array(Cell);

/** One page of an answer. Numbers are text here, as they were written. */
export interface Page {
  readonly nextLink: string | null;
  /** By column name; null where the answer holds none. Rows of another shape are counted in `broken`. */
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  readonly broken: number;
}

type WithSource = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Keeps the digits of every number: parsing them as binary fractions would change the last ones of a cost. */
const numbersAsText: WithSource = (_key, value, { source }) => (typeof value === 'number' ? source : value);

/**
 * What the column of amounts is called: after the measure that was asked for, not after our own name for it. Older agreements
 * answer with the measure's other name.
 */
const AMOUNTS = ['cost', 'pretaxcost'];

/** The names under which we know the columns of an answer, whatever their capitals. */
function namesOf(columns: readonly { readonly name: string }[], needed: readonly string[]): readonly string[] {
  const folded = columns.map(({ name }) => name.toLowerCase());
  const amount = AMOUNTS.find((name) => folded.includes(name));
  return columns.map(({ name }, i) => {
    if (folded[i] === amount) return 'cost';
    return needed.find((known) => known.toLowerCase() === folded[i]) ?? name;
  });
}

/** `needed` are our names of columns: `cost` for the amount. @throws ProviderError malformed, naming the field */
export function parsePage(text: string, needed: readonly string[]): Page {
  let raw: unknown;
  try {
    raw = JSON.parse(text, numbersAsText as (key: string, value: unknown) => unknown);
  } catch {
    const found = text.trimStart().startsWith('<') ? 'an HTML page' : `${text.length} characters that are not JSON`;
    throw malformed(`found ${found}; check cost.azure.apiUrl`);
  }
  const parsed = Page.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(`field ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { columns, rows, nextLink } = parsed.data.properties;
  const names = namesOf(columns, needed);
  const absent = needed.find((name) => !names.includes(name));
  if (absent !== undefined)
    throw malformed(
      `no column ${absent} among ${columns
        .map((c) => c.name)
        .join(', ')
        .slice(0, 120)}`,
    );
  const good: Record<string, string | null>[] = [];
  for (const row of rows) {
    const cells = Row.safeParse(row);
    if (cells.success && cells.data.length === names.length)
      good.push(Object.fromEntries(names.map((name, i) => [name, cells.data[i] ?? null])));
  }
  return { nextLink: nextLink ?? null, rows: good, broken: rows.length - good.length };
}

function malformed(message: string) {
  return failure({ operation: 'query', kind: Kind.Malformed, message });
}
