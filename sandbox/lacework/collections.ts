import type { Estate, SeededAsset } from '../estate/types.ts';
import { cspOf } from './names.ts';
import type { Collection, LaceworkState } from './state.ts';
import type { CloudState } from './types.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

export interface CollectionsOptions {
  readonly estate: Estate;
  readonly state: LaceworkState;
  readonly clock: () => number;
  readonly stateOf: (asset: SeededAsset) => CloudState | Promise<CloudState>;
  readonly ingestDelayMs: number;
  readonly scanPolls: number;
  readonly holding: () => boolean;
  readonly losing: () => boolean;
}

export interface Collections {
  /** Makes the daily collections that are due by now. */
  catchUp(): Promise<void>;
  /** Those whose rows can be found now and that ended in the span, oldest first. */
  between(csp: string, from: number, to: number): readonly Collection[];
  startScan(csp: string): void;
  /** One poll of a scan; the last one makes the collection. */
  pollScan(csp: string): Promise<'pending' | 'scanning' | 'available'>;
}

/** Looks at the clouds: once a day, and when a scan was asked for. */
export function createCollections(o: CollectionsOptions): Collections {
  const clouds = [...new Set(o.estate.assets.map(cspOf))];
  const anchor = o.estate.seededAt * 1000 - 2 * HOUR;
  if (o.state.born.at === 0) o.state.born.at = o.clock();

  const look = async (csp: string, times: { startedAt: number; endedAt: number }): Promise<void> => {
    const changed: Record<string, Exclude<CloudState, 'present'>> = {};
    const assets = o.estate.assets.filter((a) => cspOf(a) === csp);
    await inBatches(assets, async (asset) => {
      const found = await o.stateOf(asset);
      if (found !== 'present') changed[asset.name] = found;
    });
    o.state.collections.push({ csp, ...times, visibleAt: times.endedAt + o.ingestDelayMs, changed });
    // Nothing looks back further than a search may span.
    const old = o.state.collections.findIndex((c) => c.endedAt > o.clock() - 8 * DAY);
    o.state.collections.splice(0, Math.max(0, old));
    o.state.save();
  };

  const daily = (from: number, to: number): number[] => {
    const times: number[] = [];
    for (let at = anchor + Math.ceil((from - anchor) / DAY) * DAY; at <= to; at += DAY) times.push(at);
    return times;
  };

  let catching: Promise<void> = Promise.resolve();
  const catchUp = async (): Promise<void> => {
    for (const csp of clouds) {
      const made = o.state.collections.filter((c) => c.csp === csp && (c.endedAt - anchor) % DAY === 0);
      const since = Math.max(o.state.born.at, ...made.map((c) => c.endedAt), o.clock() - 7 * DAY);
      for (const endedAt of daily(since + 1, o.clock())) await look(csp, { startedAt: endedAt - HOUR, endedAt });
    }
  };

  return {
    catchUp: () => {
      catching = catching.then(catchUp);
      return catching;
    },
    between: (csp, from, to) => {
      const seeded = daily(from, Math.min(to, o.state.born.at)).map(
        (endedAt): Collection => ({ csp, startedAt: endedAt - HOUR, endedAt, visibleAt: endedAt, changed: {} }),
      );
      const made = o.state.collections.filter(
        (c) => c.csp === csp && c.endedAt >= from && c.endedAt <= to && c.visibleAt <= o.clock(),
      );
      return [...seeded, ...made].sort((a, b) => a.endedAt - b.endedAt);
    },
    startScan: (csp) => {
      o.state.scans[csp] ??= { requestedAt: o.clock(), polls: 0 };
      o.state.save();
    },
    pollScan: async (csp) => {
      const scan = o.state.scans[csp];
      if (scan === undefined) return 'available';
      if (!o.holding()) scan.polls++;
      o.state.save();
      if (scan.polls < o.scanPolls) return scan.polls <= 1 ? 'pending' : 'scanning';
      delete o.state.scans[csp];
      // Its end is later than the request even when the clock of a test stands still.
      const endedAt = Math.max(o.clock(), scan.requestedAt + 1);
      if (!o.losing()) await look(csp, { startedAt: scan.requestedAt, endedAt });
      return 'available';
    },
  };
}

/** A few at a time: the embedded cloud is asked about each. */
export async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += 10) await Promise.all(items.slice(i, i + 10).map(work));
}
