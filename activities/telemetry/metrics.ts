import { isProviderError } from '../../ports/errors.ts';
import type { TelemetryPoint, TelemetrySink } from '../../ports/telemetry.ts';
import type { Range, StreamTally } from '../../ports/trail.ts';
import type { ChannelReport } from '../contracts.ts';
import { stateAfter } from './channel.ts';
import type { Run, ShipDeps } from './deps.ts';
import { fullMinute, pointsOf } from './points.ts';
import { behind, sizeOf, takeRanges } from './ranges.ts';
import { hasFields, pickFields } from './shape/fields.ts';
import { addCounts, COUNTED, countsOf, totalsOf } from './tally.ts';

const WINDOW = 5000;

export interface MetricsWork {
  readonly heads: ReadonlyMap<string, number>;
  /** Read before `heads`; brought up to date by `countNew`. */
  readonly tallies: Map<string, StreamTally>;
}

/** Adds what the trail has gained to the tallies. */
export async function countNew(deps: ShipDeps, run: Run, { heads, tallies }: MetricsWork): Promise<void> {
  const queue = behind(heads, seqsOf(tallies));
  while (queue.length > 0 && !run.over()) {
    const ranges = takeRanges(queue, WINDOW);
    run.beat(`metrics: counting ${sizeOf(ranges)}`);
    const updates = await countRanges(deps, ranges, tallies);
    // Somebody else counts at this moment: leave it to them, and look again in the next run.
    if (!(await deps.trail.fold(updates))) return;
    for (const { before: _, ...tally } of updates) tallies.set(tally.stream, tally);
  }
}

/**
 * Sends the totals. Totals, not increments: nothing has to be kept for a vendor that is away, a refused point is not worth
 * parking, and the next one says everything again.
 */
export async function sendTotals(
  deps: ShipDeps,
  run: Run,
  { heads, tallies, others }: MetricsWork & { readonly others: readonly ChannelReport[] },
): Promise<ChannelReport> {
  const { trail, sink } = deps;
  const state = await trail.state(sink.vendor, 'metrics');
  let next = state;
  let sent = 0;
  if (state.notBefore === null || Date.parse(state.notBefore) <= deps.clock().getTime()) {
    const points = await measure(deps, { heads, tallies, others });
    run.beat(`metrics: sending ${points.length}`);
    try {
      await sendPoints(sink, points);
      sent = points.length;
      next = { failures: 0, notBefore: null, reason: null };
    } catch (error) {
      next = stateAfter(error, { before: state, vendor: sink.vendor, now: deps.clock() });
    }
  }
  if (next.failures !== state.failures) await trail.setState(sink.vendor, 'metrics', next);
  const left = sizeOf(behind(heads, seqsOf(tallies)));
  return {
    channel: 'metrics',
    state: next.notBefore !== null ? 'waiting' : left > 0 ? 'more-to-send' : 'up-to-date',
    sent,
    parked: 0,
    redelivered: 0,
    behind: left,
    reason: next.reason,
    retryAt: next.notBefore,
    alarms: [],
  };
}

async function countRanges(
  deps: ShipDeps,
  ranges: readonly Range[],
  tallies: ReadonlyMap<string, StreamTally>,
): Promise<(StreamTally & { before: number })[]> {
  const rows = await deps.trail.read({ ranges, types: COUNTED, wants: hasFields, pick: pickFields });
  const byStream = Map.groupBy(rows, (row) => row.stream);
  return ranges.map(({ stream, after, upTo }) => ({
    stream,
    seq: upTo,
    before: after,
    counts: addCounts(tallies.get(stream)?.counts ?? {}, (byStream.get(stream) ?? []).flatMap(countsOf)),
  }));
}

async function measure(
  deps: ShipDeps,
  { heads, tallies, others }: MetricsWork & { readonly others: readonly ChannelReport[] },
): Promise<TelemetryPoint[]> {
  const { trail, sink, sweeps } = deps;
  const now = deps.clock();
  const newest = await sweeps.latest();
  const counts = newest && (await sweeps.totals(newest.sweepId));
  return pointsOf({
    now,
    // A minute back, so that even the first point has a span.
    since: await trail.countingSince(new Date(fullMinute(now) - 60_000).toISOString()),
    totals: totalsOf(tallies.values()),
    events: [...heads.values()].reduce((sum, seq) => sum + seq, 0),
    behind: Object.fromEntries(others.map(({ channel, behind: left }) => [channel, left])),
    parked: await trail.parkedCount(sink.vendor),
    sweep: newest && counts ? { startedAt: newest.startedAt, counts } : null,
  });
}

/** A vendor may find even this too large. */
async function sendPoints(sink: TelemetrySink, points: readonly TelemetryPoint[]): Promise<void> {
  try {
    await sink.metrics(points);
  } catch (error) {
    if (!isProviderError(error) || error.status !== 413 || points.length < 2) throw error;
    const middle = Math.ceil(points.length / 2);
    await sendPoints(sink, points.slice(0, middle));
    await sendPoints(sink, points.slice(middle));
  }
}

function seqsOf(tallies: ReadonlyMap<string, StreamTally>): Map<string, number> {
  return new Map([...tallies].map(([stream, { seq }]) => [stream, seq]));
}
