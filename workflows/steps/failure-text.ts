import { ActivityFailure } from '@temporalio/workflow';

/** What the world said, without Temporal's wrapping around it. */
export function failureText(error: unknown): string {
  const cause = error instanceof ActivityFailure && error.cause ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
