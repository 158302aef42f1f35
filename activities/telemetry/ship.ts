import type { ShipReport } from '../contracts.ts';
import { shipChannel } from './channel.ts';
import type { Run, ShipDeps } from './deps.ts';
import { countNew, sendTotals } from './metrics.ts';

/**
 * One run: everything the trail has gained since the last one. Logs, events and the counting go side by side, so that one which is
 * held up does not hold up the others; the totals follow, because they also say how far the others have come. The trail itself
 * is the outbox: nothing is written twice, and whoever appends knows nothing of this.
 */
export async function shipTelemetry(deps: ShipDeps, run: Run): Promise<ShipReport> {
  const { trail, sink } = deps;
  const { vendor } = sink;
  const [logs, events, tallies] = await Promise.all([
    trail.cursors(vendor, 'logs'),
    trail.cursors(vendor, 'events'),
    trail.tallies().then((all) => new Map(all)),
  ]);
  const heads = await trail.heads();
  const counting = countNew(deps, run, { heads, tallies });
  const shipping = [
    shipChannel(deps, run, { channel: 'logs', heads, cursors: logs }),
    ...(sink.events === null ? [] : [shipChannel(deps, run, { channel: 'events', heads, cursors: events })]),
  ];
  // Each is waited for to its end: one that fails must not leave another sending behind the next run's back.
  await Promise.allSettled([counting, ...shipping]);
  await counting;
  const others = await Promise.all(shipping);
  const metrics = await sendTotals(deps, run, { heads, tallies, others });
  return { vendor, channels: [...others, metrics], parkedBatches: await trail.parkedCount(vendor) };
}
