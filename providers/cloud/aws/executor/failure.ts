import { type CallFailure, type Failures, failureOfMapped } from '../../shared/executor/failure.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const DENIED = new Set(['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException', 'AuthFailure']);

export function callFailure(error: unknown): CallFailure {
  const code = awsErrorCode(error);
  if (code === 'DryRunOperation') return 'would-succeed';
  if (code !== null && EXPIRED.has(code)) return 'expired';
  return failureOfMapped(mapAwsError(error, 'classify'));
}

/** How the executor reads what AWS answers. */
export const awsFailures: Failures = {
  provider: 'aws',
  classify: callFailure,
  map: mapAwsError,
  code: awsErrorCode,
  denied: (error) => DENIED.has(awsErrorCode(error) ?? ''),
};
