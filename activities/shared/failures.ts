import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ProviderError } from '../../ports/errors.ts';

/** The one place where a provider's error becomes a Temporal failure: retry, retry later, or give up. */
export function toApplicationFailure(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const common = { message: error.message, type: `${error.provider}.${error.kind}`, cause: error };
  switch (error.kind) {
    case 'retry-after':
      return ApplicationFailure.create({
        ...common,
        nextRetryDelay: error.retryAfterMs ?? 30_000,
        category: ApplicationFailureCategory.BENIGN,
      });
    case 'unavailable':
    case 'malformed':
      return ApplicationFailure.create(common);
    case 'unauthorised':
      // Somebody has to mend a credential: keep the run alive, but do not hammer the vendor meanwhile.
      return ApplicationFailure.create({ ...common, nextRetryDelay: '1m' });
    case 'not-found':
    case 'terminal':
      return ApplicationFailure.create({ ...common, nonRetryable: true });
  }
}

/** "Not yet": retried after `delayMs`, leaves no history and counts in no failure metric. */
export function notYet(message: string, delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'not-yet',
    nextRetryDelay: delayMs,
    category: ApplicationFailureCategory.BENIGN,
  });
}

type AsyncFunctions<T> = { [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? T[K] : never };

/** Wraps every activity so that provider errors leave as Temporal failures. */
export function withFailures<T extends object>(activities: T & AsyncFunctions<T>): T {
  const wrapped: Record<string, unknown> = {};
  for (const [name, activity] of Object.entries(activities)) {
    wrapped[name] = async (...args: unknown[]) => {
      try {
        return await (activity as (...a: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw toApplicationFailure(error);
      }
    };
  }
  return wrapped as T;
}
