import { gaxios } from 'google-auth-library';
import { z } from 'zod';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { AnswerTooLarge } from '../../http/exchange.ts';
import { inChain, judge } from '../../http/failure.ts';

const { GaxiosError } = gaxios;
const MESSAGE_LIMIT = 400;

/** Too much asked at once. Compute Engine says so with a 403, newer services with a 429. */
const THROTTLED = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RESOURCE_EXHAUSTED', 'RATE_LIMIT_EXCEEDED']);
/** Refusals that pass by themselves: somebody else's change is under way, or Google is moving things. */
const PASSING = new Set([
  'resourceNotReady',
  'RESOURCE_NOT_READY',
  'operationInProgress',
  'backendError',
  'internalError',
  'INTERNAL_ERROR',
  'OPERATION_CANCELED_BY_USER',
  'RESOURCE_OPERATION_RATE_EXCEEDED',
]);
const DENIED = new Set([
  'forbidden',
  'required',
  'insufficientPermissions',
  'accessNotConfigured',
  'notAuthorized',
  'PERMISSION_DENIED',
  'PERMISSIONS_ERROR',
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
]);
const ABSENT = new Set(['notFound', 'NOT_FOUND', 'RESOURCE_NOT_FOUND', 'instanceDoesNotExist']);

const Refusal = z.object({
  error: z.object({
    code: z.number().optional(),
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

/** Google accepted a change and later said that it could not be made. */
export class OperationFailed extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'OperationFailed';
    this.code = code;
  }
}

/** Google's own word, such as `resourceInUseByAnotherResource` or `ZONE_RESOURCE_POOL_EXHAUSTED`; null when it was not Google that spoke. */
export function googleErrorCode(error: unknown): string | null {
  const source = error instanceof ProviderError ? error.cause : error;
  if (source instanceof OperationFailed) return source.code;
  const status = statusOf(source);
  if (status === undefined) return null;
  const refusal = refusalOf(source);
  return refusal?.errors?.[0]?.reason ?? refusal?.status ?? `http${status}`;
}

/** True when the identity lacks the right, whatever the target. */
export function googleDenied(error: unknown): boolean {
  return DENIED.has(googleErrorCode(error) ?? '');
}

/** Turns whatever a client of Google Cloud threw into the one error of all providers. A ProviderError passes through unchanged. */
export function mapGoogleError(
  error: unknown,
  operation: string,
  { provider = 'gcp', now = Date.now() }: { provider?: string; now?: number } = {},
): ProviderError {
  if (error instanceof ProviderError) return error;
  const status = error instanceof OperationFailed ? 200 : statusOf(error);
  const headers = (error instanceof GaxiosError && error.response?.headers) || {};
  const verdict = judge(status ?? 0, headers, { now, kind: kindOf(error, status) });
  const code = googleErrorCode(error);
  const said = refusalOf(error)?.message ?? (error instanceof Error ? error.message : String(error));
  const name = error instanceof Error ? error.name : 'Error';
  return new ProviderError({
    ...verdict,
    provider,
    operation,
    message: `${code ?? name}: ${said.slice(0, MESSAGE_LIMIT)}`,
    cause: error,
    ...(status === undefined ? {} : { status }),
  });
}

function kindOf(error: unknown, status: number | undefined): ProviderErrorKind {
  const code = googleErrorCode(error) ?? '';
  if (error instanceof OperationFailed) {
    if (PASSING.has(code)) return ProviderErrorKind.Unavailable;
    return ABSENT.has(code) ? ProviderErrorKind.NotFound : ProviderErrorKind.Terminal;
  }
  if (inChain(error, (e): e is AnswerTooLarge => e instanceof AnswerTooLarge)) return ProviderErrorKind.Malformed;
  if (status === undefined)
    return error instanceof GaxiosError ? ProviderErrorKind.Unavailable : ProviderErrorKind.Terminal;
  if (status === 429 || THROTTLED.has(code)) return ProviderErrorKind.RetryAfter;
  if (status === 401 || DENIED.has(code)) return ProviderErrorKind.Unauthorised;
  if (status === 404 || ABSENT.has(code)) return ProviderErrorKind.NotFound;
  if (status === 408 || status >= 500 || PASSING.has(code)) return ProviderErrorKind.Unavailable;
  if (status === 403 && code === 'http403') return ProviderErrorKind.Unauthorised;
  // An answer of 2xx or 3xx that the client still refused is not what was promised.
  return status < 400 ? ProviderErrorKind.Malformed : ProviderErrorKind.Terminal;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof GaxiosError ? error.response?.status : undefined;
}

function refusalOf(error: unknown): z.infer<typeof Refusal>['error'] | undefined {
  if (!(error instanceof GaxiosError)) return undefined;
  return Refusal.safeParse(error.response?.data).data?.error;
}
