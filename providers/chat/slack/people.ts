import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Slack } from './section.ts';
import { slackCall } from './client.ts';
import type { Directory, DirectoryPerson } from '../../../ports/directory.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { PeoplePort } from '../../../ports/people.ts';
import { type Refusal, refuse } from '../../../ports/refusals.ts';

const Member = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    is_email_confirmed: z.boolean().optional(),
    profile: z.looseObject({ email: z.string().optional() }).default({}),
  }),
});
const GroupMembers = z.looseObject({ users: z.array(z.string()) });

/** Asked of Slack anew each time; only who is in the approver group is remembered, for at most a minute. */
export function createPeople(deps: {
  client: WebClient;
  config: Slack;
  directory: Directory;
  now: () => number;
  approverCacheMs: number;
}): PeoplePort {
  const cacheMs = Math.min(deps.approverCacheMs, 60_000);
  let group: { members: ReadonlySet<string>; until: number } | null = null;

  return {
    identify: async (userId) => {
      let user: z.infer<typeof Member>['user'];
      try {
        user = (await slackCall('users.info', Member, () => deps.client.users.info({ user: userId }))).user;
      } catch (error) {
        if (isProviderError(error, 'not-found')) return refuse('not-an-approver', 'Slack does not know this account');
        return refuse('slack-unavailable', (error as Error).message);
      }
      if (user.id !== userId) return refuse('slack-unavailable', 'Slack answered about another account');
      if (user.deleted) return refuse('deactivated-user');
      if (user.is_bot) return refuse('bot');
      if (user.is_stranger || user.team_id !== deps.config.teamId)
        return refuse('other-workspace', `team ${user.team_id}`);
      if (user.is_restricted || user.is_ultra_restricted) return refuse('guest');
      return lookUp(user);
    },

    mayApprove: async (userId) => {
      if (group === null || deps.now() >= group.until) {
        group = null;
        try {
          const { users } = await slackCall('usergroups.users.list', GroupMembers, () =>
            deps.client.usergroups.users.list({ usergroup: deps.config.approverUsergroup }),
          );
          group = { members: new Set(users), until: deps.now() + cacheMs };
        } catch (error) {
          return refuse('slack-unavailable', (error as Error).message);
        }
      }
      return group.members.has(userId) ? true : refuse('not-an-approver', 'not in the approver user group');
    },
  };

  function lookUp(user: z.infer<typeof Member>['user']): DirectoryPerson | Refusal {
    const byId = deps.directory.bySlackUserId(user.id);
    const email = user.profile.email;
    const byEmail = email === undefined ? null : deps.directory.byEmail(email);
    if (byId && byEmail && byId.subject !== byEmail.subject)
      return refuse(
        'not-an-approver',
        `account is listed for ${byId.subject} but has the address of ${byEmail.subject}`,
      );
    if (byId) return byId;
    if (!byEmail) return refuse('not-an-approver', 'not in the directory');
    // An address anyone could have typed into a profile is no identity.
    return user.is_email_confirmed === true ? byEmail : refuse('unverified-email');
  }
}
