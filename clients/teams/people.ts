import type { Teams } from '../../providers/chat/teams/section.ts';
import type { TeamsClient } from '../../providers/chat/teams/client.ts';
import type { Directory, DirectoryPerson } from '../../ports/directory.ts';
import { type Refusal, refuse } from '../../decisions/refusals.ts';
import type { TeamsInteraction } from './interaction.ts';

/**
 * Who pressed: the Entra object id, confirmed by the connector as a member of our channel now, and listed for one person in
 * our directory. Names and addresses are what people call themselves, and decide nothing.
 */
export function createPeople(deps: { client: Pick<TeamsClient, 'member'>; config: Teams; directory: Directory }) {
  const { config } = deps;
  return {
    identify: async (interaction: TeamsInteraction): Promise<DirectoryPerson | Refusal> => {
      if (interaction.userId === '') return refuse('not-an-approver', 'Teams names no Entra object id');
      let member: Awaited<ReturnType<TeamsClient['member']>>;
      try {
        member = await deps.client.member(config.conversationId, interaction.accountId);
      } catch (error) {
        return refuse('teams-unavailable', (error as Error).message);
      }
      if (member === null) return refuse('not-an-approver', 'no member of the channel');
      if (member.aadObjectId?.toLowerCase() !== interaction.userId)
        return refuse('teams-unavailable', 'Teams answered about another account');
      if (member.tenantId !== undefined && member.tenantId.toLowerCase() !== config.tenantId.toLowerCase())
        return refuse('other-workspace', `tenant ${member.tenantId}`);
      if (member.userRole === 'guest' || member.userPrincipalName?.includes('#EXT#')) return refuse('guest');
      return deps.directory.byTeamsUser(interaction.userId) ?? refuse('not-an-approver', 'not in the directory');
    },
  };
}
