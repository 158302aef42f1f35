import { createDecisionService } from '../../decisions/service.ts';
import { explain } from '../../decisions/refusals.ts';
import type { Log } from '../../decisions/types.ts';
import type { Channel } from './channel.ts';
import type { ChatAppDeps } from './deps.ts';
import { handleInteraction } from './handle.ts';
import type { Interaction } from './interaction.ts';

/** Where admitted interactions are worked on. */
export interface Interactions<I extends Interaction> {
  /** Never rejects; ends in one note to the person. */
  work(interaction: I): Promise<void>;
  start(): Promise<void>;
  /** Waits for interactions that are being worked on. */
  stop(): Promise<void>;
}

/** The decision service behind one chat system. */
export function createInteractions<I extends Interaction>(
  deps: Pick<ChatAppDeps, 'store' | 'audit' | 'policy' | 'deliver' | 'signer' | 'verifier' | 'times'> & {
    channel: Channel<I>;
    now: () => number;
    log: Log;
  },
): Interactions<I> {
  const { channel, log, times = {} } = deps;
  const decisions = createDecisionService({ ...deps, ...times, channel: channel.name });
  const working = new Set<Promise<void>>();
  return {
    work: (interaction) => {
      const job = handleInteraction({ ...deps, decisions }, interaction)
        .catch(async (error: Error) => {
          log.error({ error: error.message, requestHash: interaction.requestHash }, 'interaction failed');
          await channel.tell(interaction, explain('internal-error'));
          return false;
        })
        // Only now is it seen: what failed or died before may be sent again.
        .then((handled) => (handled ? interaction.delivery?.done() : interaction.delivery?.release()))
        .catch((error: Error) => log.warn({ error: error.message }, 'delivery not settled; its lease runs out'))
        .finally(() => working.delete(job));
      working.add(job);
      return job;
    },
    start: () => decisions.start(),
    stop: async () => {
      decisions.stop();
      await Promise.allSettled([...working]);
    },
  };
}
