import type { Teams } from '../../providers/chat/teams/section.ts';
import { postToThread, showProgress, type TeamsParts } from '../../providers/chat/teams/decided.ts';
import { clean } from '../../providers/chat/text.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Channel } from '../chat/channel.ts';
import type { Log } from '../../decisions/types.ts';
import { refuse } from '../../decisions/refusals.ts';
import { createPeople } from '../../providers/chat/teams/people.ts';
import type { TeamsInteraction } from './interaction.ts';

export function createTeamsChannel(deps: {
  config: Teams;
  teams: TeamsParts;
  directory: Directory;
  log: Log;
}): Channel<TeamsInteraction> {
  const { config, teams } = deps;
  const people = createPeople({ client: teams.client, config, directory: deps.directory });
  const ours = config.tenantId.toLowerCase();
  return {
    name: 'teams',
    foreign: ({ channelId, recipient, tenants }) => {
      if (channelId !== 'msteams') return refuse('other-app', `channel ${clean(channelId, 40)}`);
      if (recipient.toLowerCase() !== `28:${config.appId.toLowerCase()}`)
        return refuse('other-app', clean(recipient, 60));
      // Both places may name the tenant; at least one has to, and neither may name another.
      const allOurs = tenants.length > 0 && tenants.every((id) => id.toLowerCase() === ours);
      return allOurs ? null : refuse('other-workspace', clean(tenants.join(' '), 100));
    },
    identify: (interaction) => people.identify(interaction.userId, interaction.accountId),
    mayApprove: (interaction) => people.mayApprove(interaction.userId),
    askReason: async () => 'the card asks for it',
    tell: async (interaction, text) => {
      if (interaction.reply.say(text) || interaction.at === null) return;
      const line = {
        marker: `note:${interaction.requestHash}`,
        text: `${clean(interaction.callsThemselves, 80)}: ${text}`,
      };
      try {
        await postToThread(teams, interaction.at, line);
      } catch (error) {
        deps.log.warn({ error: (error as Error).message }, 'note to the person not posted');
      }
    },
    postToThread: (ref, line) => postToThread(teams, ref, line),
    showProgress: (ref, progress) => showProgress(teams, ref, progress),
  };
}
