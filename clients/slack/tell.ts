import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { slackCall } from '../../providers/chat/slack/client.ts';
import type { SlackClients } from '../../providers/chat/slack/posting.ts';
import { entities } from '../../providers/chat/slack/text.ts';
import type { Log } from '../../decisions/types.ts';
import type { SlackInteraction } from './interaction.ts';

export type Tell = (interaction: SlackInteraction, text: string) => Promise<void>;

/**
 * A note only the person who pressed can see; when Slack refuses it, the interaction's own response URL. Never throws:
 * what was decided does not depend on whether it could be said.
 */
export function createTell(deps: {
  clients: SlackClients;
  config: NonNullable<Config['slack']>;
  log: Log;
  timeoutMs: number;
}): Tell {
  return async (interaction, message) => {
    const text = entities(message).slice(0, 4000);
    if (interaction.at) {
      const { channel } = interaction.at;
      try {
        await slackCall('chat.postEphemeral', z.looseObject({ message_ts: z.string() }), () =>
          deps.clients.write.chat.postEphemeral({
            channel,
            user: interaction.userId,
            text,
            parse: 'none',
            link_names: false,
          }),
        );
        return;
      } catch (error) {
        deps.log.warn({ error: (error as Error).message }, 'note to the person refused by Slack');
      }
    }
    if (interaction.responseUrl === null || !allowed(interaction.responseUrl, deps.config.allowedResponseUrlHosts))
      return;
    try {
      await fetch(interaction.responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, response_type: 'ephemeral', replace_original: false }),
        redirect: 'error',
        signal: AbortSignal.timeout(deps.timeoutMs),
      });
    } catch (error) {
      deps.log.warn({ error: (error as Error).message }, 'response URL did not answer');
    }
  };
}

/** Only where configuration says Slack lives, and unencrypted only on this machine. */
function allowed(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const local = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  return hosts.includes(url.hostname) && (url.protocol === 'https:' || (url.protocol === 'http:' && local));
}
