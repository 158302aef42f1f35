import type { Context } from 'hono';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { createAlertStore } from './alerts.ts';
import { createTokenEndpoint } from './auth.ts';
import { createCollections } from './collections.ts';
import { imagesOf } from './images.ts';
import { createLimits, partOf } from './limits.ts';
import { CSP, cspOf } from './names.ts';
import { createPages } from './pages.ts';
import { cloudAccounts, search } from './routes.ts';
import { BadRequest } from './search.ts';
import { createState } from './state.ts';
import type { LaceworkControls, LaceworkSimulatorOptions, World } from './types.ts';

const API = '/api/v2/';
const WEEK = 7 * 86_400_000;

/**
 * Lacework (FortiCNAPP) API version 2 below `/api/v2/`, fed from the seeded estate. Beside the kit's admin routes:
 *   POST /__sim/expire-tokens
 *   POST /__sim/hold-scans          {"hold":true}
 *   POST /__sim/lose-collections    {"lose":true}
 */
export function createLaceworkSimulator(
  options: LaceworkSimulatorOptions,
): Simulator & { readonly lacework: LaceworkControls } {
  const { estate, clock = Date.now, stateOf = () => 'present' as const } = options;
  const simulator = createSimulator('lacework');
  const state = createState(options.stateFile);
  const { keyId = 'LW_KEY_1', secret = '_lacework-secret', tokenSeconds = 3600, requestsPerHour = 480 } = options;
  const tokenEndpoint = createTokenEndpoint({ keyId, secret, tokenSeconds, clock });
  const take = createLimits({ requestsPerHour, headers: options.rateHeaders ?? true, clock });
  const pages = createPages(options.pageRows ?? 5000);
  let holding = false;
  let losing = false;
  let inFlight = 0;
  let maxInFlight = 0;
  const collections = createCollections({
    estate,
    state,
    clock,
    stateOf,
    ingestDelayMs: options.ingestDelayMs ?? 0,
    scanPolls: options.scanPolls ?? 3,
    holding: () => holding,
    losing: () => losing,
  });
  const world: World = {
    estate,
    clock,
    stateAt: (asset, at) => collections.between(cspOf(asset), at - WEEK, at).at(-1)?.changed[asset.name] ?? 'present',
  };
  const alerts = createAlertStore({ world, state, resolveDelayMs: options.resolveDelayMs ?? 200, stateOf });
  const routes = { world, collections, alerts, options };

  const answer = async (c: Context, path: string): Promise<Response> => {
    const { origin } = new URL(c.req.url);
    const list = (rows: Parameters<typeof pages.first>[1]) => {
      const page = pages.first(path, rows, origin);
      return page === null ? c.body(null, 204) : c.json(page);
    };
    if (c.req.method === 'GET') {
      if (path === 'CloudAccounts') return list(cloudAccounts(world));
      if (path === 'Inventory/scan') {
        const status = await collections.pollScan(cspIn(c));
        return c.json({ data: { status, details: 'Scan state' } });
      }
      const alert = /^Alerts\/(\d+)$/.exec(path)?.[1];
      if (alert !== undefined) return alertView(c, alert);
      const [, base = '', mark = ''] = /^(.*)\/([0-9a-f]{16}-\d+)$/.exec(path) ?? [];
      const page = pages.next(base, mark, origin);
      return page === null ? c.json({ message: `Unrecognized url: ${c.req.path}` }, 403) : c.json(page);
    }
    const body: unknown = await c.req.json().catch(() => null);
    if (path === 'Inventory/scan') {
      collections.startScan(cspIn(c));
      return c.json({ data: { status: 'scanning', details: 'Scan has been requested' } });
    }
    const action = /^Alerts\/(\d+)\/(comment|close)$/.exec(path);
    if (action) return alertAction(c, { id: action[1] ?? '', verb: action[2] ?? '', body });
    const rows = await search(routes, path, body);
    return rows === undefined ? c.json({ message: `Unrecognized url: ${c.req.path}` }, 403) : list(rows);
  };

  const alertView = (c: Context, id: string): Response => {
    const details = alerts.details(id);
    if (details === null) return c.json({ message: 'Alert not found' }, 404);
    switch (c.req.query('scope')) {
      case 'Details':
        return c.json({ data: details });
      case 'Timeline':
        return c.json({ data: [...alerts.timeline(id)] });
      default:
        return c.json({ message: 'scope is not valid' }, 400);
    }
  };

  const alertAction = (c: Context, of: { id: string; verb: string; body: unknown }): Response => {
    if (alerts.details(of.id) === null) return c.json({ message: 'Alert not found' }, 404);
    const { comment } = (of.body ?? {}) as { comment?: unknown };
    if (of.verb === 'close') {
      alerts.close(of.id);
      return c.body(null, 204);
    }
    if (typeof comment !== 'string' || comment === '') return c.json({ message: 'comment is required' }, 400);
    return c.json({ data: alerts.comment(of.id, comment) });
  };

  simulator.app.post('/__sim/expire-tokens', (c) => {
    tokenEndpoint.expireAll();
    return c.json({ expired: true });
  });
  simulator.app.post('/__sim/hold-scans', async (c) => {
    holding = ((await c.req.json()) as { hold: boolean }).hold;
    return c.json({ holding });
  });
  simulator.app.post('/__sim/lose-collections', async (c) => {
    losing = ((await c.req.json()) as { lose: boolean }).lose;
    return c.json({ losing });
  });
  simulator.app.post(`${API}access/tokens`, tokenEndpoint.issue);
  simulator.app.all(`${API}*`, async (c) => {
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    try {
      // Gives requests that arrived together the chance to be seen together.
      await new Promise((resolve) => setImmediate(resolve));
      if (!tokenEndpoint.accepts(c.req.header('authorization'))) return c.json({ message: 'Unauthorized' }, 401);
      const path = c.req.path.slice(API.length);
      const { allowed, headers } = take(partOf(path));
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
      if (!allowed) return c.json({ message: 'Rate limit exceeded' }, 429);
      await collections.catchUp();
      return await answer(c, path);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return c.json({ message: error.message }, 400);
    } finally {
      inFlight--;
    }
  });

  const lacework: LaceworkControls = {
    expireTokens: () => tokenEndpoint.expireAll(),
    holdScans: (hold) => {
      holding = hold;
    },
    loseCollections: (lose) => {
      losing = lose;
    },
    maxInFlight: () => maxInFlight,
    images: imagesOf(estate.seed),
  };
  return Object.assign(simulator, { lacework });
}

function cspIn(c: Context): string {
  const csp = c.req.query('csp') ?? '';
  if (!Object.values<string>(CSP).includes(csp)) throw new BadRequest('csp must be AWS, Azure or GCP');
  return csp;
}
