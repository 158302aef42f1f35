import type { Channel } from './channel.ts';
import type { ChatAppDeps, Log } from './deps.ts';
import { handlePress } from './handle.ts';
import { createOutbox } from './outbox.ts';
import type { Press } from './interaction.ts';
import type { SecurityLog } from './security-log.ts';

/** Where admitted presses are worked on. */
export interface DecisionService<P extends Press> {
  /** Never rejects; ends in one note to the person. */
  work(press: P): Promise<void>;
  /** Tells workflows everything recorded on open requests, in case an earlier process died in between. */
  start(): Promise<void>;
  /** Waits for presses that are being worked on. */
  stop(): Promise<void>;
}

export function createDecisionService<P extends Press>(
  deps: Pick<ChatAppDeps, 'store' | 'audit' | 'policy' | 'decide' | 'times'> & {
    channel: Channel<P>;
    security: SecurityLog;
    now: () => number;
    log: Log;
  },
): DecisionService<P> {
  const { channel, log } = deps;
  const everyMs = deps.times?.redeliverEveryMs ?? 15_000;
  const outbox = createOutbox({ ...deps, everyMs });
  const working = new Set<Promise<void>>();
  return {
    work: (press) => {
      const job = handlePress({ ...deps, outbox }, press)
        .catch(async (error: Error) => {
          log.error({ error: error.message, requestHash: press.requestHash }, 'press failed');
          await channel.tell(
            press,
            '🚫 Something went wrong inside Idlewise. Look at the thread, then press again. (internal-error)',
          );
        })
        .finally(() => working.delete(job));
      working.add(job);
      return job;
    },
    start: () => outbox.start(),
    stop: async () => {
      outbox.stop();
      await Promise.allSettled([...working]);
    },
  };
}
