import { Context } from '@temporalio/activity';
import type { ShipReport, TelemetryActivities } from '../contracts.ts';
import { withFailures } from '../shared/failures.ts';
import type { ShipDeps } from './deps.ts';
import { shipTelemetry } from './ship.ts';

export interface TelemetryDeps extends ShipDeps {
  /** After this much time a run takes up nothing new. */
  readonly budgetMs: number;
}

const NOTHING: ShipReport = { vendor: 'none', channels: [], parkedBatches: 0 };

/**
 * The only activity that talks to the telemetry vendor. Nothing in a remediation waits for it.
 * @param deps null when the configuration names no vendor: the activity then does nothing
 */
export function createTelemetryActivities(deps: TelemetryDeps | null): TelemetryActivities {
  return withFailures<TelemetryActivities>({
    async shipTelemetry() {
      if (deps === null) return NOTHING;
      const context = Context.current();
      const deadline = Date.now() + deps.budgetMs;
      const report = await shipTelemetry(deps, {
        over: () => Date.now() >= deadline || context.cancellationSignal.aborted,
        beat: (what) => context.heartbeat(what),
      });
      tell(report);
      return report;
    },
  });
}

function tell({ vendor, channels, parkedBatches }: ShipReport): void {
  const { log } = Context.current();
  for (const { channel, parked, reason, alarms } of channels) {
    if (reason !== null) log.warn('telemetry waits', { vendor, channel, reason });
    if (parked > 0) log.warn('telemetry put aside', { vendor, channel, parked, parkedBatches });
    for (const alarm of alarms) log.error('telemetry found the trail shortened', { vendor, channel, alarm });
  }
}
