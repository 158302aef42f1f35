import type { Range, TrailRow } from '../../ports/trail.ts';

/**
 * What the trail holds and a cursor has not reached. The shared streams (settings, policies, refused requests) come last, where
 * `takeRanges` begins: they are few, and must not wait for a backlog of remediations.
 */
export function behind(heads: ReadonlyMap<string, number>, cursors: ReadonlyMap<string, number>): Range[] {
  const remediations: Range[] = [];
  const shared: Range[] = [];
  for (const [stream, upTo] of heads) {
    const after = cursors.get(stream) ?? 0;
    if (after < upTo) (stream.startsWith('remediation/') ? remediations : shared).push({ stream, after, upTo });
  }
  return [...remediations, ...shared];
}

/** Streams that are shorter than what was sent of them, with where they end now. */
export function shortened(
  heads: ReadonlyMap<string, number>,
  cursors: ReadonlyMap<string, number>,
): Map<string, number> {
  const cut = new Map<string, number>();
  for (const [stream, seq] of cursors) if ((heads.get(stream) ?? 0) < seq) cut.set(stream, heads.get(stream) ?? 0);
  return cut;
}

/** Takes ranges of at most `limit` events in all off the end of the queue; a long one is taken in parts. */
export function takeRanges(queue: Range[], limit: number): Range[] {
  const taken: Range[] = [];
  for (let left = limit; left > 0; ) {
    const next = queue.pop();
    if (!next) break;
    const upTo = Math.min(next.upTo, next.after + left);
    if (upTo < next.upTo) queue.push({ ...next, after: upTo });
    taken.push({ ...next, upTo });
    left -= upTo - next.after;
  }
  return taken;
}

/** How far each stream has come when the first `settled` rows of these ranges are done with. */
export function reached(
  ranges: readonly Range[],
  rows: readonly Pick<TrailRow, 'stream' | 'seq'>[],
  settled: number,
): Map<string, number> {
  const to = new Map<string, number>();
  let index = 0;
  for (const { stream, after, upTo } of ranges) {
    let last = after;
    let open = false;
    for (let row = rows[index]; row?.stream === stream && row.seq <= upTo; row = rows[++index]) {
      if (index < settled) last = row.seq;
      else open = true;
    }
    const end = open ? last : upTo;
    if (end > after) to.set(stream, end);
  }
  return to;
}

/** Single places put together where they follow each other. */
export function rangesOf(places: readonly { readonly stream: string; readonly seq: number }[]): Range[] {
  const ranges: Range[] = [];
  for (const { stream, seq } of places) {
    const last = ranges.at(-1);
    if (last?.stream === stream && last.upTo === seq - 1) ranges[ranges.length - 1] = { ...last, upTo: seq };
    else ranges.push({ stream, after: seq - 1, upTo: seq });
  }
  return ranges;
}

export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { after, upTo }) => sum + upTo - after, 0);
}
