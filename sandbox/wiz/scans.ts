import type { SeededAsset } from '../estate/types.ts';
import { GraphqlFailure } from './graphql.ts';
import { iso, uuid } from './inventory.ts';
import type { WizState } from './state.ts';
import type { CloudState, Row, ScanOutcome } from './types.ts';

export interface ScanQueueOptions {
  readonly seed: number;
  readonly state: WizState;
  readonly polls: number;
  readonly resolveDelayMs: number;
  readonly clock: () => number;
  readonly outcome: () => ScanOutcome;
  readonly byVendorId: (id: string) => SeededAsset | undefined;
  readonly stateOf: (asset: SeededAsset) => CloudState | Promise<CloudState>;
}

/** Entity scans: PENDING → IN_PROGRESS → outcome over a number of polls; what success saw takes effect a little later. */
export function createScanQueue(o: ScanQueueOptions) {
  const request = (vendorId: string): Row => {
    if (!o.byVendorId(vendorId)) throw new GraphqlFailure('NOT_FOUND', 'Resource not found');
    const id = uuid(o.seed, `scan/${vendorId}/${Object.keys(o.state.scans).length}/${o.clock()}`);
    o.state.scans[id] = { id, vendorId, requestedAt: o.clock(), polls: 0, outcome: null, endedAt: null };
    o.state.save();
    return { success: true, reason: null, scan: { id: `scan-${id}` }, systemActivityId: id };
  };

  const activity = async (id: string): Promise<Row> => {
    const scan = o.state.scans[id];
    if (!scan) throw new GraphqlFailure('NOT_FOUND', 'System activity not found');
    scan.polls++;
    if (scan.outcome === null && scan.polls >= o.polls) {
      scan.outcome = o.outcome();
      scan.endedAt = o.clock();
      if (scan.outcome === 'SUCCESS') await look(scan.vendorId);
    }
    o.state.save();
    return {
      id,
      status: scan.outcome ?? (scan.polls === 1 ? 'PENDING' : 'IN_PROGRESS'),
      statusInfo: scan.outcome === 'SKIPPED' ? 'Resource was scanned recently' : null,
      startedAt: iso(scan.requestedAt),
      endedAt: scan.endedAt === null ? null : iso(scan.endedAt),
    };
  };

  const look = async (vendorId: string): Promise<void> => {
    const asset = o.byVendorId(vendorId);
    if (!asset) return;
    const found = await o.stateOf(asset);
    if (found === 'present') delete o.state.observations[vendorId];
    else if (o.state.observations[vendorId]?.state !== found)
      o.state.observations[vendorId] = { state: found, from: o.clock() + o.resolveDelayMs };
  };

  return { request, activity };
}
