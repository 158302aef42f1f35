import { isProviderError } from '../../ports/errors.ts';
import type { DeadLetter } from '../../ports/trail.ts';
import { deliver, type Why } from './deliver.ts';
import { deadLetterOf } from './dead-letters.ts';
import { rangesOf } from './ranges.ts';
import { deliveryOf, itemsOf, readRange, type SendContext } from './send-context.ts';

/** Parked batches of one run; a long list must not keep fresh events waiting. */
const PER_RUN = 20;

/** Sends parked batches that are due again, read anew from the trail. */
export async function redeliver(context: SendContext): Promise<void> {
  const { deps, run, channel } = context;
  const now = deps.clock().toISOString();
  const due = await deps.trail.parked({ vendor: deps.sink.vendor, channel, dueBy: now, limit: PER_RUN });
  for (const letter of due) {
    if (run.over()) return;
    await redeliverOne(context, letter);
  }
}

async function redeliverOne(context: SendContext, letter: DeadLetter): Promise<void> {
  const { deps, channel, counts } = context;
  const rows = await readRange(context, letter.ranges);
  const again = (ranges: DeadLetter['ranges'], why: Why) =>
    deadLetterOf({ vendor: letter.vendor, channel, ranges, why, now: deps.clock(), earlier: letter });
  const damaged = rows.filter((row) => row.event === null);
  const back: DeadLetter[] = [];
  if (damaged.length > 0)
    back.push(again(rangesOf(damaged), { kind: 'malformed', reason: damaged[0]?.problem ?? '', status: null }));
  let accepted = 0;
  try {
    await deliver(
      itemsOf(rows, deps.since),
      deliveryOf(context, {
        limit: deps.sink.limits[channel],
        park: async (items, why) => void back.push(again(rangesOf(items), why)),
        settled: (_count, taken) => {
          accepted += taken;
        },
      }),
    );
  } catch (error) {
    if (!isProviderError(error) || error.provider !== deps.sink.vendor) throw error;
    await deps.trail.park(
      again(letter.ranges, { kind: letter.kind, reason: error.message, status: error.status ?? null }),
    );
    // What alone brings the vendor down must not hold up the rest.
    if (letter.kind === 'failing' && error.kind === 'unavailable') return;
    throw error;
  }
  counts.redelivered += accepted;
  // The new letters first: a crash in between sends twice, and loses nothing.
  for (const next of back) await deps.trail.park(next);
  if (!back.some((next) => next.id === letter.id)) await deps.trail.unpark(letter.id);
}
