import type { ChatPort } from '../../ports/chat.ts';
import type { Directory } from '../../ports/directory.ts';
import type { PeoplePort } from '../../ports/people.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { CacheStore } from '../../ports/store.ts';
import { vendorsOf } from '../vendor.ts';
import { Slack } from './slack/section.ts';
import { Teams } from './teams/section.ts';

export interface ChatParts {
  readonly secrets: SecretsPort;
  readonly directory: Directory;
  readonly cache: CacheStore;
}

/** Whom to ask about the people of each chat, by the channel in which they decide. Reads only. */
const people = vendorsOf<Omit<ChatParts, 'cache'>, PeoplePort>();
export const PEOPLE_VENDORS = {
  slack: people.vendorAt('slack', Slack, async (config, { secrets, directory }) => {
    const { createSlackClients } = await import('./slack/chat.ts');
    const { createPeople } = await import('./slack/people.ts');
    const botToken = config.peopleToken ?? config.botToken;
    const { read: client } = await createSlackClients({ config: { ...config, botToken }, secrets, timeoutMs: 5_000 });
    // Nothing is remembered: between an approval and its execution is where people leave.
    return createPeople({ client, config, directory, now: Date.now, approverCacheMs: 0 });
  }),
  teams: people.vendorAt('chat.teams', Teams, async (config, { secrets, directory }) => {
    const { createTeamsClient } = await import('./teams/client.ts');
    const { createPeople } = await import('./teams/people.ts');
    return createPeople({ client: createTeamsClient({ config, secrets }), config, directory });
  }),
};

const { vendor, vendorAt } = vendorsOf<ChatParts, ChatPort>();

/** Every chat there is, by its name in `chat.vendor`. */
export const CHAT_VENDORS = {
  slack: vendorAt('slack', Slack, async (config, { secrets, directory }) =>
    (await import('./slack/chat.ts')).createSlackChat({ config, secrets, directory }),
  ),
  teams: vendor(Teams, async (config, parts) =>
    (await import('./teams/chat.ts')).createTeamsChat({ ...parts, config }),
  ),
};
