import { isProviderError, type ProviderError } from '../../ports/errors.ts';
import type { BatchLimit } from '../../ports/telemetry.ts';
import type { Range, TrailRow } from '../../ports/trail.ts';
import { deliver, type Item, type Why } from './deliver.ts';
import { deadLetterOf } from './dead-letters.ts';
import { behind, rangesOf, reached, takeRanges } from './ranges.ts';
import { type ChannelWork, deliveryOf, itemsOf, type Placed, readRange, type SendContext } from './send-context.ts';

/** Events are few among many: their windows span more of the trail than one request carries. */
const EVENT_WINDOW = 2000;
/** So often a batch of one must fail, while the vendor is well otherwise, before it is put aside. */
const POISON_AFTER = 10;

/** Sends what no cursor has reached, window by window, and commits each once it is accepted or parked. */
export async function sendFresh(context: SendContext, work: ChannelWork): Promise<void> {
  const { deps, run, channel, state } = context;
  const queue = behind(work.heads, work.cursors);
  let limit = smaller(deps.sink.limits[channel], state.failures);
  while (queue.length > 0 && !run.over()) {
    const ranges = takeRanges(queue, channel === 'events' ? EVENT_WINDOW : limit.items);
    await sendWindow(context, work, { ranges, limit });
    limit = deps.sink.limits[channel];
  }
}

async function sendWindow(
  context: SendContext,
  work: ChannelWork,
  { ranges, limit }: { ranges: readonly Range[]; limit: BatchLimit },
): Promise<void> {
  const { deps, counts } = context;
  const rows = await readRange(context, ranges);
  await parkDamaged(context, rows);
  const items = itemsOf(rows, deps.since);
  let settled = 0;
  try {
    await deliver(
      items,
      deliveryOf(context, {
        limit,
        park: (batch, why) => park(context, batch, why),
        settled(count, accepted) {
          settled += count;
          counts.sent += accepted;
        },
      }),
    );
  } catch (error) {
    settled += await putAside(context, error, items.slice(settled, settled + limit.items));
    throw error;
  } finally {
    // What was settled before the trouble is done with: only the rest is sent again.
    const to = reached(ranges, rows, items[settled]?.row ?? rows.length);
    if (to.size > 0) await deps.trail.commit(deps.sink.vendor, context.channel, to);
    for (const [stream, seq] of to) work.cursors.set(stream, seq);
  }
}

/** Parks what sending stopped at, where waiting alone would not help; returns how many items that settles. */
async function putAside(context: SendContext, error: unknown, batch: readonly Placed[]): Promise<number> {
  if (isProviderError(error, 'unauthorised')) {
    await park(context, batch, whyOf('refused', error));
    return batch.length;
  }
  const stuck = isProviderError(error, 'unavailable') && error.provider === context.deps.sink.vendor;
  if (!stuck || batch.length !== 1 || context.state.failures < POISON_AFTER || !(await isWell(context))) return 0;
  await park(context, batch, whyOf('failing', error));
  return 1;
}

function whyOf(kind: Why['kind'], error: ProviderError): Why {
  return { kind, reason: error.message, status: error.status ?? null };
}

async function isWell({ deps }: SendContext): Promise<boolean> {
  return deps.sink.check().then(
    () => true,
    () => false,
  );
}

async function park(context: SendContext, batch: readonly Pick<Item, 'stream' | 'seq'>[], why: Why): Promise<void> {
  const { deps, channel, counts } = context;
  const place = { vendor: deps.sink.vendor, channel, ranges: rangesOf(batch) };
  await deps.trail.park(deadLetterOf({ ...place, why, now: deps.clock() }));
  counts.parked += batch.length;
}

async function parkDamaged(context: SendContext, rows: readonly TrailRow[]): Promise<void> {
  for (const row of rows)
    if (row.problem !== null) await park(context, [row], { kind: 'malformed', reason: row.problem, status: null });
}

/** A batch that did not get through is tried smaller each time: it may have been its size, or one record in it. */
function smaller(limit: BatchLimit, failures: number): BatchLimit {
  return { ...limit, items: Math.max(1, Math.floor(limit.items / 2 ** Math.min(failures, POISON_AFTER))) };
}
