import type { Teams } from './section.ts';
import type { TeamsClient } from './client.ts';
import type { Directory, DirectoryPerson } from '../../../ports/directory.ts';
import type { PeoplePort } from '../../../ports/people.ts';
import { type Refusal, refuse } from '../../../ports/refusals.ts';

/**
 * Who pressed: the Entra object id, confirmed by the connector as a member of our channel now, and listed for one person in
 * our directory. Names and addresses are what people call themselves, and decide nothing.
 */
export function createPeople(deps: {
  client: Pick<TeamsClient, 'member'>;
  config: Teams;
  directory: Directory;
}): PeoplePort {
  const { config } = deps;
  return {
    identify: async (account, alias = account): Promise<DirectoryPerson | Refusal> => {
      if (account === '') return refuse('not-an-approver', 'Teams names no Entra object id');
      let member: Awaited<ReturnType<TeamsClient['member']>>;
      try {
        member = await deps.client.member(config.conversationId, alias);
      } catch (error) {
        return refuse('teams-unavailable', (error as Error).message);
      }
      if (member === null) return refuse('not-an-approver', 'no member of the channel');
      if (member.aadObjectId?.toLowerCase() !== account)
        return refuse('teams-unavailable', 'Teams answered about another account');
      if (member.tenantId !== undefined && member.tenantId.toLowerCase() !== config.tenantId.toLowerCase())
        return refuse('other-workspace', `tenant ${member.tenantId}`);
      if (member.userRole === 'guest' || member.userPrincipalName?.includes('#EXT#')) return refuse('guest');
      return deps.directory.byTeamsUser(account) ?? refuse('not-an-approver', 'not in the directory');
    },
    // Teams has no approver group of its own; the directory's groups are the policy's business.
    mayApprove: async () => true,
  };
}
