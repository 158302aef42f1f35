import { isProviderError } from '../../../errors.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';

/**
 * What one failed call means for the effect it asked for:
 * `would-succeed` dry run passed · `expired` not done, new session needed · `absent` the target is not there ·
 * `refused` not done and never will be · `unknown` it may or may not have happened, or was throttled: read, then decide.
 */
export type CallFailure = 'would-succeed' | 'expired' | 'absent' | 'refused' | 'unknown';

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);

export function callFailure(error: unknown): CallFailure {
  const code = awsErrorCode(error);
  if (code === 'DryRunOperation') return 'would-succeed';
  if (code !== null && EXPIRED.has(code)) return 'expired';
  const mapped = mapAwsError(error, 'classify');
  switch (mapped.kind) {
    case 'not-found':
      return 'absent';
    case 'terminal':
    case 'unauthorised':
      // Without a status it was not the service that spoke, so nothing is known about the effect.
      return mapped.status === undefined ? 'unknown' : 'refused';
    case 'retry-after':
    case 'unavailable':
    case 'malformed':
      return 'unknown';
  }
}

/** A failed read that a later look may well answer. */
export function isTransient(error: unknown): boolean {
  return isProviderError(error, 'retry-after') || isProviderError(error, 'unavailable');
}
