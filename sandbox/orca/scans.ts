import type { Hono } from 'hono';
import type { SeededAsset } from '../estate/types.ts';
import { assetUniqueId, isMachine, uuid } from './ids.ts';
import type { OrcaState } from './state.ts';
import type { CloudState, ScanOutcome } from './types.ts';
import type { World } from './world.ts';

export interface ScannerOptions {
  readonly world: World;
  readonly state: OrcaState;
  readonly polls: number;
  readonly resolveDelayMs: number;
  readonly discoveryMs: number;
  readonly clock: () => number;
  readonly outcome: () => ScanOutcome;
  readonly stateOf: (asset: SeededAsset) => CloudState | Promise<CloudState>;
}

/** Scans of machines on request, and the discovery that looks at everything else on its own. */
export function createScanner(o: ScannerOptions) {
  const { world, state } = o;

  /** What was seen takes effect a little later, when the alerts are evaluated again. */
  const look = async (asset: SeededAsset, at: number): Promise<void> => {
    const id = assetUniqueId(world.estate, asset);
    const found = await o.stateOf(asset);
    state.discovered[id] = at;
    if (found === 'present') delete state.observations[id];
    else if (state.observations[id]?.state !== found)
      state.observations[id] = { state: found, lookedAt: at, from: o.clock() + o.resolveDelayMs };
    state.save();
  };

  /** Discovery passes at whole multiples of its interval; it is caught up when somebody asks. */
  const discover = async (asset: SeededAsset): Promise<void> => {
    const id = assetUniqueId(world.estate, asset);
    const passed = o.clock() - (o.clock() % o.discoveryMs);
    if (isMachine(asset) || state.observations[id]?.state === 'gone' || state.discovered[id] === passed) return;
    await look(asset, passed);
  };

  const addRoutes = (app: Hono): void => {
    app.post('/api/scan/asset/:id', (c) => {
      const id = c.req.param('id');
      const asset = world.byUniqueId(id);
      if (!asset) return c.json({ status: 'failure', error: 'Asset not found' }, 404);
      if (!isMachine(asset)) return c.json({ error: 'Scan is not supported for this asset type' }, 400);
      const running = Object.entries(state.scans).find(([, scan]) => scan.assetUniqueId === id && scan.ended === null);
      if (running) return c.json({ error: 'Scan is already running', scan_id: running[0] }, 409);
      const scanId = uuid(world.estate.seed, `scan/${id}/${Object.keys(state.scans).length}`);
      state.scans[scanId] = { assetUniqueId: id, polls: 0, ended: null };
      state.save();
      return c.json({ version: '0.1.0', scan_unique_id: scanId, asset_unique_ids: [id], status: 'pending' });
    });

    app.get('/api/scan/status/:id', async (c) => {
      const scanId = c.req.param('id');
      const scan = state.scans[scanId];
      if (!scan) return c.json({ status: 'failure', error: 'Scan not found' }, 404);
      scan.polls++;
      const outcome = o.outcome();
      if (scan.ended === null && scan.polls >= o.polls && outcome !== 'stuck') {
        scan.ended = outcome;
        const asset = world.byUniqueId(scan.assetUniqueId);
        if (outcome === 'done' && asset) await look(asset, o.clock());
      }
      state.save();
      const status =
        scan.ended === 'failed' ? 'scan_failed' : (scan.ended ?? (scan.polls === 1 ? 'pending' : 'scanning'));
      return c.json({ version: '0.1.0', scan_unique_id: scanId, asset_unique_ids: [scan.assetUniqueId], status });
    });
  };

  return { discover, addRoutes };
}
