import type { Readings } from '../../ports/rows.ts';
import type { UnreadFinding } from '../../schemas/posture.ts';

/** What of several lists of findings could not be read, as a posture carries it: nothing where all were. */
export function unreadIn(lists: readonly Pick<Readings<unknown>, 'rejected'>[]): { unread?: UnreadFinding[] } {
  const unread = lists.flatMap(({ rejected }) => rejected);
  return unread.length === 0 ? {} : { unread };
}
