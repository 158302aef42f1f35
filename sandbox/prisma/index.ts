import { Hono, type MiddlewareHandler } from 'hono';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { registerAlerts } from './alert-routes.ts';
import { refuse } from './answers.ts';
import { createTokenEndpoint } from './auth.ts';
import { createBuckets } from './buckets.ts';
import { registerCompute } from './compute-routes.ts';
import { registerResources } from './resource-routes.ts';
import { registerSearch } from './search-routes.ts';
import { createState } from './state.ts';
import type { PrismaControls, PrismaSimulatorOptions } from './types.ts';
import { createWorld } from './world.ts';

/** Where the Compute console is on this server. */
export const COMPUTE_PATH = '/compute';

/**
 * Prisma Cloud on one port, fed from the seeded estate: the CSPM API at the root, the Compute API below `/compute/api/v1`
 * (and any version), where `/meta_info` says it is. Beside the kit's admin routes:
 *   POST /__sim/expire-tokens
 *   POST /__sim/deny   {"path":"/v2/alert"} or {"path":null}
 */
export function createPrismaSimulator(
  options: PrismaSimulatorOptions,
): Simulator & { readonly prisma: PrismaControls } {
  const { clock = Date.now, accessKeyId = 'prisma-key' } = options;
  const simulator = createSimulator('prisma');
  const world = createWorld(options, createState(options.stateFile));
  const tokenEndpoint = createTokenEndpoint({
    accessKeyId,
    secretKey: options.secretKey ?? 'prisma-secret',
    tokenSeconds: options.tokenSeconds ?? 600,
    clock,
  });
  let denied: string | null = null;
  let inFlight = 0;
  let maxInFlight = 0;
  const prisma: PrismaControls = {
    expireTokens: () => tokenEndpoint.expireAll(),
    deny: (path) => {
      denied = path;
    },
    maxInFlight: () => maxInFlight,
  };

  const count: MiddlewareHandler = async (_, next) => {
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    try {
      // Gives requests that arrived together the chance to be seen together.
      await new Promise((resolve) => setImmediate(resolve));
      await next();
    } finally {
      inFlight--;
    }
  };
  const gate: MiddlewareHandler = async (c, next) =>
    denied !== null && c.req.path.endsWith(denied) ? refuse(c, 403, 'permission_error') : next();

  const { app } = simulator;
  app.post('/__sim/expire-tokens', (c) => {
    prisma.expireTokens();
    return c.json({ expired: true });
  });
  app.post('/__sim/deny', async (c) => {
    prisma.deny(((await c.req.json()) as { path: string | null }).path);
    return c.json({ denied });
  });

  app.post('/login', tokenEndpoint.login);
  app.get('/auth_token/extend', tokenEndpoint.extend);
  const compute = new Hono();
  compute.post('/authenticate', tokenEndpoint.authenticate);
  compute.use('*', count, tokenEndpoint.guardCompute, gate);
  registerCompute(compute, world);
  app.route(`${COMPUTE_PATH}/api/:version`, compute);

  const cspm = new Hono();
  cspm.use('*', count, tokenEndpoint.guardCspm, gate);
  cspm.get('/meta_info', (c) => c.json({ twistlockUrl: `${new URL(c.req.url).origin}${COMPUTE_PATH}` }));
  const limited = createBuckets(options.rateLimits ?? {}, clock);
  registerSearch(cspm, world, limited);
  registerResources(cspm, world, limited);
  registerAlerts(cspm, world, limited, accessKeyId);
  app.route('/', cspm);
  return Object.assign(simulator, { prisma });
}
