import { z } from 'zod';
import { ProviderErrorKind as Kind, ProviderError, type ProviderErrorOptions } from '../../../ports/errors.ts';
import { judge } from '../../http/failure.ts';

export const VENDOR = 'gcp-billing';
const HINTS = { provider: VENDOR, unstatedWaitMs: 30_000 };

/** What the official client throws: the status as `code`, and the API's reasons. */
const ApiError = z.object({
  code: z.union([z.number(), z.string()]).optional(),
  message: z.string().catch(''),
  errors: z.array(z.object({ reason: z.string().catch('') })).catch([]),
  response: z
    .object({
      statusCode: z.number().optional().catch(undefined),
      headers: z.record(z.string(), z.unknown()).catch({}),
    })
    .optional()
    .catch(undefined),
});

export interface ErrorPlace {
  readonly operation: string;
  /** Project that runs the queries. */
  readonly projectId: string;
  readonly table: string;
}

export function failure(options: Omit<ProviderErrorOptions, 'provider'>): ProviderError {
  return new ProviderError({ provider: VENDOR, ...options });
}

/** Any error of a query as the one a caller can act on. */
export function asProviderError(
  error: unknown,
  { operation, projectId, table }: ErrorPlace,
  now: number,
): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof SyntaxError)
    return failure({ operation, kind: Kind.Malformed, message: 'the answer is not JSON, or was cut', cause: error });
  const { code, message, errors, response } = ApiError.parse(error);
  const status = typeof code === 'number' ? code : response?.statusCode;
  const reason = errors[0]?.reason ?? '';
  const base = { operation, cause: error, ...(status === undefined ? {} : { status }) };
  const said = `${status ?? code ?? 'no answer'} ${reason}`.trim();
  if (status === undefined || status >= 500 || reason === 'backendError')
    return failure({ ...base, kind: Kind.Unavailable, message: `${said}: ${message.slice(0, 200)}` });
  if (status === 429 || /rateLimitExceeded/i.test(reason) || reason === 'quotaExceeded') {
    const verdict = judge(429, response?.headers ?? {}, { now, hints: HINTS, kind: Kind.RetryAfter });
    return failure({ ...base, ...verdict, message: `${said}: BigQuery’s quota is used up` });
  }
  if (status === 401)
    return failure({ ...base, kind: Kind.Unauthorised, message: `${said}: a fresh token was refused; check the key` });
  if (status === 403)
    return failure({ ...base, kind: Kind.Unauthorised, message: `${said}: ${missing(message, { projectId, table })}` });
  if (status === 404)
    return failure({
      ...base,
      kind: Kind.NotFound,
      message: `${said}: ${table} was not found; enable the detailed usage cost export and check cost.gcp.table and location`,
    });
  if (reason === 'bytesBilledLimitExceeded' || /bytes billed/i.test(message))
    return failure({
      ...base,
      kind: Kind.Terminal,
      message: `${message.slice(0, 160)}: nothing was billed; raise cost.gcp.maxBytesBilled or read fewer days`,
    });
  const noResource = /resource|global_name/i.test(message) && reason === 'invalidQuery';
  const fix = noResource
    ? 'cost.gcp.table has no resources: it must be the detailed export, gcp_billing_export_resource_v1_…'
    : 'check cost.gcp.table';
  return failure({ ...base, kind: Kind.Terminal, message: `${said}: ${message.slice(0, 200)}; ${fix}` });
}

/** Which of the two roles is not there. */
function missing(message: string, { projectId, table }: { projectId: string; table: string }): string {
  if (/jobs\.create/.test(message))
    return `the service account may not run queries; give it roles/bigquery.jobUser on project ${projectId}`;
  const dataset = table.split('.').slice(0, 2).join('.');
  return `the service account may not read the export; give it roles/bigquery.dataViewer on dataset ${dataset}`;
}
