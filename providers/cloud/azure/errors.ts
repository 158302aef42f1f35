import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { judge } from '../../http/failure.ts';

/** Of the quotas that Azure names in headers of their own the longest counts. */
const HINTS = { provider: 'azure', waitHeaders: { pattern: /^x-ms-ratelimit-.*retry-after$/ } };
const MESSAGE_LIMIT = 400;

/** Codes of refusals that pass by themselves: somebody else's change is under way, or Azure is moving things. */
const PASSING = new Set([
  'AnotherOperationInProgress',
  'OperationPreempted',
  'RetryableError',
  'RetryableErrorDueToAnotherOperation',
  'OperationNotAllowedOnResourceInTransition',
  'InternalExecutionError',
  'InternalServerError',
  'InternalOperationError',
  'ServerTimeout',
  'ServiceUnavailable',
]);
const DENIED = new Set(['AuthorizationFailed', 'LinkedAuthorizationFailed', 'AuthorizationPermissionMismatch']);
const ABSENT = new Set(['ResourceNotFound', 'NotFound', 'ResourceGroupNotFound', 'ParentResourceNotFound']);

/** Azure accepted a change and later said that it could not be made. */
export class OperationFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'OperationFailed';
    this.code = code;
  }
}

/** Azure Resource Manager's own error code, such as `AllocationFailed`; null when `error` did not come from Azure. */
export function azureErrorCode(error: unknown): string | null {
  const source = error instanceof ProviderError ? error.cause : error;
  if (source instanceof OperationFailed) return source.code;
  if (!isRestError(source) || source.statusCode === undefined) return null;
  return codeOf(source) ?? `Http${source.statusCode}`;
}

/** True when the identity lacks the right, whatever the target. */
export function azureDenied(error: unknown): boolean {
  return DENIED.has(azureErrorCode(error) ?? '');
}

/** Turns whatever a client of Azure threw into the one error of all providers. A ProviderError passes through unchanged. */
export function mapAzureError(
  error: unknown,
  operation: string,
  { provider = 'azure', now = Date.now() }: { provider?: string; now?: number } = {},
): ProviderError {
  if (error instanceof ProviderError) return error;
  const status = statusOf(error);
  const headers = (isRestError(error) && error.response?.headers) || {};
  const verdict = judge(status ?? 0, headers, { now, hints: HINTS, kind: kindOf(error, status) });
  const code = azureErrorCode(error);
  const said = error instanceof Error ? error.message : String(error);
  return new ProviderError({
    ...verdict,
    provider,
    operation,
    message: `${code ?? (error instanceof Error ? error.name : 'Error')}: ${said.slice(0, MESSAGE_LIMIT)}`,
    cause: error,
    ...(status === undefined ? {} : { status }),
  });
}

function kindOf(error: unknown, status: number | undefined): ProviderErrorKind {
  const code = azureErrorCode(error) ?? '';
  if (error instanceof OperationFailed) {
    if (PASSING.has(code)) return ProviderErrorKind.Unavailable;
    return ABSENT.has(code) ? ProviderErrorKind.NotFound : ProviderErrorKind.Terminal;
  }
  if (!isRestError(error))
    return nameOf(error) === 'AbortError' ? ProviderErrorKind.Unavailable : ProviderErrorKind.Terminal;
  if (error.code === 'PARSE_ERROR') return ProviderErrorKind.Malformed;
  if (status === undefined) return ProviderErrorKind.Unavailable;
  if (status === 429) return ProviderErrorKind.RetryAfter;
  if (status === 401 || DENIED.has(code)) return ProviderErrorKind.Unauthorised;
  if (status === 404 || ABSENT.has(code)) return ProviderErrorKind.NotFound;
  if (status === 408 || status >= 500 || PASSING.has(code)) return ProviderErrorKind.Unavailable;
  if (status === 403 && code === 'Http403') return ProviderErrorKind.Unauthorised;
  // An answer of 2xx or 3xx that the client still refused is not what was promised.
  return status < 400 ? ProviderErrorKind.Malformed : ProviderErrorKind.Terminal;
}

/** A failed operation was Azure's own word too, though it came with a 200. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof OperationFailed) return 200;
  return isRestError(error) ? error.statusCode : undefined;
}

/** The two generations of clients keep the body's code in different places. */
function codeOf(error: RestError): string | null {
  const details = error.details as { error?: { code?: unknown }; code?: unknown } | undefined;
  for (const found of [error.code, details?.error?.code, details?.code])
    if (typeof found === 'string' && found !== '' && found !== 'REQUEST_SEND_ERROR') return found;
  return null;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
