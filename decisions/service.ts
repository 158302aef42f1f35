import type { Channel } from '../clients/chat/channel.ts';
import type { ChatAppDeps, Log } from '../clients/chat/deps.ts';
import { handleInteraction } from '../clients/chat/handle.ts';
import { createOutbox } from './redelivery.ts';
import type { Interaction } from '../clients/chat/interaction.ts';
import type { SecurityLog } from './security-log.ts';

/** Where admitted interactions are worked on. */
export interface DecisionService<I extends Interaction> {
  /** Never rejects; ends in one note to the person. */
  work(interaction: I): Promise<void>;
  /** Tells workflows everything recorded on open requests, in case an earlier process died in between. */
  start(): Promise<void>;
  /** Waits for interactions that are being worked on. */
  stop(): Promise<void>;
}

export function createDecisionService<I extends Interaction>(
  deps: Pick<ChatAppDeps, 'store' | 'audit' | 'policy' | 'decide' | 'times'> & {
    channel: Channel<I>;
    security: SecurityLog;
    now: () => number;
    log: Log;
  },
): DecisionService<I> {
  const { channel, log } = deps;
  const everyMs = deps.times?.redeliverEveryMs ?? 15_000;
  const outbox = createOutbox({ ...deps, everyMs });
  const working = new Set<Promise<void>>();
  return {
    work: (interaction) => {
      const job = handleInteraction({ ...deps, outbox }, interaction)
        .catch(async (error: Error) => {
          log.error({ error: error.message, requestHash: interaction.requestHash }, 'interaction failed');
          await channel.tell(
            interaction,
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
