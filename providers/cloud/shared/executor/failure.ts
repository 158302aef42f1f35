import { isProviderError, type ProviderError } from '../../../../ports/errors.ts';

/**
 * What one failed call means for the effect it asked for:
 * `would-succeed` dry run passed · `expired` not done, new session needed · `absent` the target is not there ·
 * `refused` not done and never will be · `unknown` it may or may not have happened, or was throttled: read, then decide.
 */
export type CallFailure = 'would-succeed' | 'expired' | 'absent' | 'refused' | 'unknown';

/** How one cloud's failures are read. */
export interface Failures {
  /** For error messages: `aws`, `azure`, `gcp`. */
  readonly provider: string;
  classify(error: unknown): CallFailure;
  map(error: unknown, operation: string): ProviderError;
  /** The cloud's own word for what went wrong; null when it was not the cloud that spoke. */
  code(error: unknown): string | null;
  /** The identity lacks the right, whatever the target. */
  denied(error: unknown): boolean;
}

/** The usual reading of a failure that was mapped already. Clouds add their own words before it. */
export function failureOfMapped(mapped: ProviderError): CallFailure {
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
