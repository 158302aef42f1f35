import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { addAlertRoutes } from './alerts-api.ts';
import { answerAsset } from './assets-api.ts';
import { rateLimiter } from './rate-limit.ts';
import { createScanner } from './scans.ts';
import { answerQuery } from './serving-layer.ts';
import { createState } from './state.ts';
import type { OrcaControls, OrcaSimulatorOptions, ScanOutcome } from './types.ts';
import { createWorld } from './world.ts';

/**
 * Orca Security over HTTP: the serving layer, the older interfaces for alerts and assets, and scans, fed from the seeded
 * estate. Beside the kit's admin routes:
 *   POST /__sim/scan-outcome   {"outcome":"done"|"failed"|"stuck"}
 */
export function createOrcaSimulator(options: OrcaSimulatorOptions): Simulator & { readonly orca: OrcaControls } {
  const { clock = Date.now } = options;
  const simulator = createSimulator('orca');
  const { app } = simulator;
  const state = createState(options.stateFile);
  const world = createWorld(options, state, clock);
  const pages = { window: options.window ?? 10_000, untidy: options.untidyPages ?? true };
  let outcome: ScanOutcome = 'done';
  let token = options.apiToken ?? 'orca-token';
  let inFlight = 0;
  let maxInFlight = 0;
  const scanner = createScanner({
    world,
    state,
    polls: options.scanPolls ?? 3,
    resolveDelayMs: options.resolveDelayMs ?? 200,
    discoveryMs: options.discoveryMs ?? 1000,
    clock,
    outcome: () => outcome,
    stateOf: options.stateOf ?? (() => 'present'),
  });
  const orca: OrcaControls = {
    scanOutcome: (next) => {
      outcome = next;
    },
    replaceToken: (next) => {
      token = next;
    },
    maxInFlight: () => maxInFlight,
  };

  app.post('/__sim/scan-outcome', async (c) => {
    outcome = ((await c.req.json()) as { outcome: ScanOutcome }).outcome;
    return c.json({ outcome });
  });
  app.use('/api/*', rateLimiter(options.rateLimit, clock));
  app.use('/api/*', async (c, next) => {
    if (c.req.header('authorization')?.replace(/^token /i, '') !== token)
      return c.json({ status: 'failure', error: 'Invalid token' }, 401);
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    try {
      // Gives requests that arrived together the chance to be seen together.
      await new Promise((resolve) => setImmediate(resolve));
      return await next();
    } finally {
      inFlight--;
    }
  });
  app.post('/api/serving-layer/query', (c) => answerQuery(c, world, pages));
  app.get('/api/assets/:id', async (c) => {
    const asset = world.byUniqueId(c.req.param('id'));
    if (asset) await scanner.discover(asset);
    return answerAsset(c, world, asset);
  });
  addAlertRoutes(app, { world, state, pages, clock });
  scanner.addRoutes(app);
  return Object.assign(simulator, { orca });
}
