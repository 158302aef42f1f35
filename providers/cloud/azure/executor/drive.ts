import type { RunContext } from '../../shared/executor/context.ts';
import { isTransient } from '../../shared/executor/failure.ts';
import { mapAzureError, OperationFailed } from '../errors.ts';

/** What both generations of clients return for a long-running operation. */
export interface Operation {
  poll(): Promise<unknown>;
  isDone(): boolean;
}

const FAILED = /long-running operation has (?:failed|been canceled)(?:\. (?<code>[A-Za-z0-9]+)\. (?<message>[\s\S]*))?/;

/**
 * Starts a long-running operation and follows it to its end, because Azure says only there that it could not be done. Gives up
 * following when the time for transitions is over or somebody wants us to stop: the change was accepted, and looking tells the rest.
 * @throws OperationFailed with Azure's code
 */
export async function drive(ctx: RunContext, step: string, begin: () => Promise<Operation>): Promise<void> {
  const end = ctx.now() + ctx.waits.transitionTimeoutMs;
  try {
    const operation = await begin();
    while (!operation.isDone() && ctx.now() < end && alive(ctx, step)) {
      await ctx.sleep(ctx.waits.pollMs);
      await operation.poll().catch((error: unknown) => {
        if (FAILED.test(messageOf(error)) || !isTransient(mapAzureError(error, step))) throw error;
      });
    }
  } catch (error) {
    const failed = FAILED.exec(messageOf(error));
    if (failed === null) throw error;
    throw new OperationFailed(
      failed.groups?.['code'] ?? 'OperationFailed',
      failed.groups?.['message'] ?? messageOf(error),
    );
  }
}

/** A heartbeat that throws must not look like a failed call. */
function alive(ctx: RunContext, step: string): boolean {
  try {
    ctx.log.heartbeat(step);
    return true;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
