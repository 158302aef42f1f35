import { z } from 'zod';
import { BigQueryError, invalidQuery } from './errors.ts';
import type { Params } from './expressions.ts';

const Parameter = z.object({
  name: z.string(),
  parameterType: z.object({ type: z.string(), arrayType: z.object({ type: z.literal('STRING') }).optional() }),
  parameterValue: z.object({
    value: z.string().optional(),
    arrayValues: z.array(z.object({ value: z.string() })).optional(),
  }),
});

const Query = z.object({
  query: z.string(),
  /** Legacy SQL is the default, and no query of ours is written in it. */
  useLegacySql: z.boolean().default(true),
  parameterMode: z.string().optional(),
  queryParameters: z.array(Parameter).default([]),
  maximumBytesBilled: z.string().regex(/^\d+$/).optional(),
});
export type Query = z.infer<typeof Query>;

/** Body of jobs.query. */
export const QueryBody = Query.extend({
  maxResults: z.number().int().positive().optional(),
  timeoutMs: z.number().int().optional(),
  requestId: z.string().optional(),
  location: z.string().optional(),
});

/** Body of jobs.insert, for queries only. */
export const JobBody = z.object({
  configuration: z.object({ dryRun: z.boolean().default(false), query: Query }),
  jobReference: z.object({ jobId: z.string().optional() }).optional(),
});

export function parseBody<T>(shape: z.ZodType<T>, raw: unknown): T {
  const parsed = shape.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BigQueryError(400, 'invalid', `Invalid value for ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Named parameters by name. @throws BigQueryError invalidQuery */
export function paramsOf(query: Query): Params {
  if (query.useLegacySql) throw invalidQuery('Legacy SQL does not know this syntax; set useLegacySql to false');
  if (query.queryParameters.length > 0 && query.parameterMode?.toUpperCase() !== 'NAMED')
    throw invalidQuery('Named parameters need parameterMode NAMED');
  return new Map(
    query.queryParameters.map(({ name, parameterType, parameterValue }): [string, string | readonly string[]] => {
      if (parameterType.type === 'ARRAY') return [name, (parameterValue.arrayValues ?? []).map((v) => v.value)];
      if (parameterType.type !== 'STRING')
        throw invalidQuery(`Type ${parameterType.type} of ${name} is not understood`);
      return [name, parameterValue.value ?? ''];
    }),
  );
}
