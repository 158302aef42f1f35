import { z } from 'zod';

/** Members of a jobs.query or getQueryResults answer that are used. Every scalar of a row is text or null, numbers too. */
export const QueryAnswer = z.object({
  jobComplete: z.boolean(),
  jobReference: z.object({ jobId: z.string(), location: z.string().optional() }).optional(),
  schema: z.object({ fields: z.array(z.object({ name: z.string() })) }).optional(),
  rows: z.array(z.unknown()).default([]),
  pageToken: z.string().optional(),
  totalRows: z.string().optional(),
  totalBytesProcessed: z.string().optional(),
  totalBytesBilled: z.string().optional(),
  cacheHit: z.boolean().optional(),
});
export type QueryAnswer = z.infer<typeof QueryAnswer>;

/** Answer of jobs.insert to a dry run. */
export const DryRunAnswer = z.object({ statistics: z.object({ totalBytesProcessed: z.string() }) });

const Row = z.object({ f: z.array(z.object({ v: z.union([z.string(), z.null()]) })) });

/** Cells by column name; null when the row is not as its columns say. */
export function cellsOf(row: unknown, columns: readonly string[]): Record<string, string | null> | null {
  const parsed = Row.safeParse(row);
  if (!parsed.success || parsed.data.f.length !== columns.length) return null;
  return Object.fromEntries(columns.map((name, i) => [name, parsed.data.f[i]?.v ?? null]));
}

export type Params = Readonly<Record<string, string | readonly string[]>>;

/** Named parameters as the API takes them; every one is text. */
export function queryParameters(params: Params): object[] {
  return Object.entries(params).map(([name, value]) =>
    typeof value === 'string'
      ? { name, parameterType: { type: 'STRING' }, parameterValue: { value } }
      : {
          name,
          parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
          parameterValue: { arrayValues: value.map((v) => ({ value: v })) },
        },
  );
}
