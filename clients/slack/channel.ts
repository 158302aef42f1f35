import type { Config } from '../../config/schema.ts';
import { postToThread, showProgress } from '../../providers/chat/slack/decided.ts';
import type { SlackClients } from '../../providers/chat/slack/posting.ts';
import type { Channel } from '../chat/channel.ts';
import { refuse } from '../../decisions/refusals.ts';
import { openRejectForm } from './modal.ts';
import type { PeoplePort } from '../../ports/people.ts';
import type { SlackInteraction } from './interaction.ts';
import type { Tell } from './tell.ts';

export function createSlackChannel(deps: {
  config: NonNullable<Config['slack']>;
  clients: SlackClients;
  people: PeoplePort;
  tell: Tell;
}): Channel<SlackInteraction> {
  const { config, clients, people } = deps;
  return {
    name: 'slack',
    foreign: ({ appId, teamIds }) => {
      if (appId !== config.appId) return refuse('other-app', appId);
      return teamIds.some((id) => id !== config.teamId) ? refuse('other-workspace', teamIds.join(' ')) : null;
    },
    identify: (interaction) => people.identify(interaction.userId),
    mayApprove: (interaction) => people.mayApprove(interaction.userId),
    askReason: (interaction) => openRejectForm(clients, interaction),
    tell: deps.tell,
    postToThread: (ref, line) => postToThread(clients, ref, line),
    showProgress: (ref, progress) => showProgress(clients, ref, progress),
  };
}
