import type { ChatPort } from '../../ports/chat.ts';
import type { Directory } from '../../ports/directory.ts';
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
