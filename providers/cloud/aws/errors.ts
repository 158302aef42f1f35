import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import { AnswerTooLarge } from '../../http/exchange.ts';
import { inChain, judge } from '../../http/failure.ts';

const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TooManyRequestsException',
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
]);
const UNAUTHORISED = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'IncompleteSignature',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'OptInRequired',
  'CredentialsProviderError',
]);
const NOT_FOUND = new Set(['NoSuchEntity', 'LoadBalancerNotFound', 'TargetGroupNotFound', 'ResourceNotFoundException']);
/** AWS answers it with HTTP 500, but the same request keeps failing until someone else frees capacity. */
const HOPELESS = new Set(['InsufficientInstanceCapacity', 'InsufficientHostCapacity', 'Unsupported']);
const NETWORK = /^(ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;
const HINTS = { provider: 'aws', unstatedWaitMs: 5_000 };
const MESSAGE_LIMIT = 400;

interface AwsFault {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string> };
}

/** The service's own error code, such as `IncorrectInstanceState`; null when `error` did not come from AWS. */
export function awsErrorCode(error: unknown): string | null {
  const source = error instanceof ProviderError ? error.cause : error;
  if (typeof source !== 'object' || source === null || !('$metadata' in source)) return null;
  return stripSuffix((source as AwsFault).name ?? '') || null;
}

/** Turns whatever an AWS client threw into the one error of all providers. A ProviderError passes through unchanged. */
export function mapAwsError(
  error: unknown,
  operation: string,
  { provider = 'aws', now = Date.now() }: { provider?: string; now?: number } = {},
): ProviderError {
  if (error instanceof ProviderError) return error;
  const fault = (error ?? {}) as AwsFault;
  const status = fault.$metadata?.httpStatusCode;
  const how = { now, hints: HINTS, kind: kindOf(error, fault, status) };
  const verdict = judge(status ?? 0, fault.$response?.headers ?? {}, how);
  return new ProviderError({
    ...verdict,
    provider,
    operation,
    message: `${fault.name ?? 'Error'}: ${(fault.message ?? String(error)).slice(0, MESSAGE_LIMIT)}`,
    cause: error,
    ...(status === undefined ? {} : { status }),
  });
}

function kindOf(error: unknown, fault: AwsFault, status: number | undefined): ProviderErrorKind {
  const name = stripSuffix(fault.name ?? '');
  if (THROTTLED.has(name) || status === 429) return ProviderErrorKind.RetryAfter;
  if (UNAUTHORISED.has(name)) return ProviderErrorKind.Unauthorised;
  if (HOPELESS.has(name)) return ProviderErrorKind.Terminal;
  if (name.endsWith('.NotFound') || NOT_FOUND.has(name)) return ProviderErrorKind.NotFound;
  if (name === 'TimeoutError' || name === 'AbortError' || NETWORK.test(fault.code ?? '')) {
    return ProviderErrorKind.Unavailable;
  }
  if (inChain(error, (e): e is AnswerTooLarge => e instanceof AnswerTooLarge)) return ProviderErrorKind.Malformed;
  // The SDK reports an answer it cannot parse as a plain SyntaxError or TypeError carrying the response.
  if (error instanceof SyntaxError || (error instanceof TypeError && '$response' in error)) {
    return ProviderErrorKind.Malformed;
  }
  if (status !== undefined && status >= 500) return ProviderErrorKind.Unavailable;
  return ProviderErrorKind.Terminal;
}

/** ELBv2 appends `Exception` to its codes in the SDK; EC2 does not. */
function stripSuffix(name: string): string {
  return name.startsWith('LoadBalancer') || name.startsWith('TargetGroup') ? name.replace(/Exception$/, '') : name;
}
