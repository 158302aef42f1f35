import type { Teams } from '../../providers/chat/teams/section.ts';
import type { ChatAppDeps, ChatAppTimes } from '../chat/deps.ts';

export interface TeamsAppDeps extends ChatAppDeps {
  readonly config: Teams;
  readonly times?: ChatAppTimes & {
    /** Within this an interaction is answered, with its outcome or with "received". Teams waits about 10 s. @default 3000 */
    readonly answerWithinMs?: number;
    /** Longest a single call to Teams may take. @default 2500 */
    readonly teamsTimeoutMs?: number;
    /** Pause before an unknown signing key makes the app fetch the published keys again. @default 30000 */
    readonly keyCooldownMs?: number;
  };
}
