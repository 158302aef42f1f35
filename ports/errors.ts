/**
 * The one error every provider throws. `kind` is the caller's decision, not the vendor's status code:
 * retry later, give up, treat as absent, fix the credentials, or distrust the answer.
 */
export const ProviderErrorKind = {
  /** The request can never succeed as it stands. */
  Terminal: 'terminal',
  /** Come back after `retryAfterMs`. */
  RetryAfter: 'retry-after',
  /** The vendor or the network is down; retrying is sensible. */
  Unavailable: 'unavailable',
  NotFound: 'not-found',
  Unauthorised: 'unauthorised',
  /** The answer did not have the promised shape. */
  Malformed: 'malformed',
} as const;
export type ProviderErrorKind = (typeof ProviderErrorKind)[keyof typeof ProviderErrorKind];

export interface ProviderErrorOptions {
  readonly kind: ProviderErrorKind;
  /** Vendor name, e.g. `wiz`. */
  readonly provider: string;
  /** What we were doing, e.g. `cloudResourcesV2`. */
  readonly operation: string;
  /** One sentence for the person who reads the log: field, what was found, the fix. No secrets. */
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly status?: number;
  readonly cause?: unknown;
}

export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  readonly provider: string;
  readonly operation: string;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(options: ProviderErrorOptions) {
    super(`${options.provider} ${options.operation}: ${options.message}`, { cause: options.cause });
    this.name = 'ProviderError';
    this.kind = options.kind;
    this.provider = options.provider;
    this.operation = options.operation;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
  }
}

export function isProviderError(error: unknown, kind?: ProviderErrorKind): error is ProviderError {
  return error instanceof ProviderError && (kind === undefined || error.kind === kind);
}
