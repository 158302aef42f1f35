/** The usual damping: with 60, a first place in one list weighs about as much as two places near the tenth. */
const DAMPING = 60;

/**
 * Reciprocal rank fusion: the sum of 1/(60 + rank) over the lists, best first. Only ranks count, so that scores of
 * different kinds need no common scale. Ties are broken by id, so that the same lists give the same order.
 */
export function fuseRanks(lists: readonly (readonly string[])[]): string[] {
  const scores = new Map<string, number>();
  for (const list of lists)
    list.forEach((id, rank) => scores.set(id, (scores.get(id) ?? 0) + 1 / (DAMPING + rank + 1)));
  return [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id]) => id);
}
