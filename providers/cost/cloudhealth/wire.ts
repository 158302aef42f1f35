import { z } from 'zod';

/** GraphQL answers 200 with errors in it. */
export const GraphqlAnswer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

export const Login = z.object({
  loginAPI: z.object({ accessToken: z.string().min(1), refreshToken: z.string().nullish() }),
});
export const Impersonation = z.object({ getAccessToken: z.object({ accessToken: z.string().min(1) }) });

/** States we know; any other is treated as still running. */
export const ReportState = { Completed: 'COMPLETED', Failed: 'FAILED' } as const;

export const ReportNode = z.object({
  node: z
    .object({
      id: z.string(),
      name: z.string().nullish(),
      result: z
        .object({
          status: z.string().nullish(),
          reportUpdatedOn: z.string().nullish(),
          contents: z.array(z.object({ preSignedUrl: z.string() })).nullish(),
        })
        .nullish(),
    })
    .nullable(),
});
export type ReportNode = NonNullable<z.infer<typeof ReportNode>['node']>;
export const Triggered = z.object({ triggerFlexReportExecution: z.unknown() });

const Member = z.object({ name: z.string(), label: z.string().nullish() });

/**
 * An OLAP report: `data` is nested once per dimension, and its innermost arrays hold the measures. Null is a cell without
 * data; with many of them a whole array collapses to one null.
 */
export const OlapReport = z.object({
  dimensions: z.array(z.record(z.string(), z.array(Member))),
  measures: z.array(z.object({ name: z.string() })),
  data: z.array(z.unknown()).nullable(),
});
export type OlapReport = z.infer<typeof OlapReport>;

export const RestError = z.object({ error: z.string() });
