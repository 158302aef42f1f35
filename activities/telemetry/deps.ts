import type { SweepStore } from '../../ports/store.ts';
import type { TelemetrySink } from '../../ports/telemetry.ts';
import type { TelemetryTrail } from '../../ports/trail.ts';

export interface ShipDeps {
  readonly sink: TelemetrySink;
  readonly trail: TelemetryTrail;
  readonly sweeps: Pick<SweepStore, 'latest' | 'totals'>;
  readonly clock: () => Date;
  /** Events before this instant are counted, not sent. */
  readonly since: string | null;
}

/** One run of the shipper: how long it may go on, and its sign of life. */
export interface Run {
  /** True when it is time to stop: what is left is the next run's. */
  over(): boolean;
  beat(what: string): void;
}
