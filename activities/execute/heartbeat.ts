import { Context } from '@temporalio/activity';
import { ProviderError } from '../../ports/errors.ts';

/** The sign of life of one attempt, and whether it still is the attempt that counts. */
export interface Heartbeat {
  /** Beats at once, and names what is being done from now on. */
  progress(what: string): void;
  /** @throws ProviderError `unavailable` when the server has given this attempt up and may have begun another */
  assertCurrent(): void;
  stop(): void;
}

const BEATS_PER_TIMEOUT = 4;

/**
 * Beats for as long as the process lives. A call to the cloud may take longer than the heartbeat timeout; without this a
 * second attempt would start beside it, see no effect yet, and make the same call again.
 */
export function startHeartbeat(): Heartbeat {
  const context = Context.current();
  const timeoutMs = context.info.heartbeatTimeoutMs;
  let last = 'started';
  const timer = timeoutMs ? setInterval(() => context.heartbeat(last), timeoutMs / BEATS_PER_TIMEOUT) : undefined;
  return {
    progress(what) {
      last = what;
      context.heartbeat(what);
    },
    assertCurrent() {
      const why = context.cancellationDetails;
      if (!why?.notFound && !why?.timedOut) return;
      throw new ProviderError({
        kind: 'unavailable',
        provider: 'idlewise',
        operation: 'execute',
        message: 'this attempt was given up by the server, and another may be under way; it changes nothing more',
      });
    },
    stop: () => clearInterval(timer),
  };
}
