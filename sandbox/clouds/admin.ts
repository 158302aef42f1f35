import type { Simulator } from '../kit/simulator.ts';
import type { CloudWorldChange } from './types.ts';
import type { CloudWorld } from './world.ts';

/**
 * What every cloud of the sandbox offers beside its own API:
 *   GET  /__sim/estate      the seeded assets of this cloud, with their labels
 *   GET  /__sim/mutations   every change that took effect
 *   POST /__sim/world       a change behind Idlewise's back (CloudWorldChange)
 *   POST /__sim/clock       {"advanceDays": 4}: the bill runs ahead
 */
export function addWorldRoutes(simulator: Simulator, world: CloudWorld): void {
  simulator.app.get('/__sim/estate', (c) => c.json({ assets: world.assets, accounts: world.estate.accounts }));
  simulator.app.get('/__sim/mutations', (c) => c.json(world.state.mutations));
  simulator.app.post('/__sim/world', async (c) => {
    try {
      world.change((await c.req.json()) as CloudWorldChange);
      return c.json({ done: true });
    } catch (error) {
      return c.json({ error: (error as Error).message }, 409);
    }
  });
  simulator.app.post('/__sim/clock', async (c) => {
    const { advanceDays } = (await c.req.json()) as { advanceDays: number };
    world.advanceBill(advanceDays);
    return c.json({ billAhead: world.state.billAhead });
  });
}
