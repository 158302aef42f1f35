import type { Config } from '../../config/schema.ts';
import type { ChatAppDeps, ChatAppTimes } from '../chat/deps.ts';

export interface SlackAppDeps extends ChatAppDeps {
  readonly config: NonNullable<Config['slack']>;
  readonly times?: ChatAppTimes & {
    /** How long the approver group may be remembered. @default 60000, which is also the most */
    readonly approverCacheMs?: number;
    /** Longest a single call to Slack may take. @default 2500 */
    readonly slackTimeoutMs?: number;
  };
}
