import type { DirectoryPerson } from './directory.ts';
import type { Refusal } from './refusals.ts';

/** The people of one chat system, asked of it now: who an account is, and whether it may approve. Never throws; doubt is a refusal. */
export interface PeoplePort {
  /**
   * @param account as decisions name it: the Slack user id, the Entra object id in Teams
   * @param alias another name of the same account under which the system may know it better, e.g. Teams' `29:…`
   */
  identify(account: string, alias?: string): Promise<DirectoryPerson | Refusal>;
  mayApprove(account: string): Promise<true | Refusal>;
}
