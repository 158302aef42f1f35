import { GraphQLError } from 'graphql';
import type { Context } from 'hono';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { createTokenEndpoint } from './auth.ts';
import { execute } from './graphql.ts';
import { uuid } from './inventory.ts';
import { createResolvers } from './resolvers.ts';
import { createScanQueue } from './scans.ts';
import { createState } from './state.ts';
import type { ScanOutcome, WizControls, WizSimulatorOptions } from './types.ts';

/**
 * Wiz over HTTP: `/oauth/token` and `/graphql` on one port, fed from the seeded estate. Beside the kit's admin routes:
 *   POST /__sim/expire-tokens
 *   POST /__sim/scan-outcome   {"outcome":"SUCCESS"|"FAILURE"|"SKIPPED"|"TIMED_OUT"}
 */
export function createWizSimulator(options: WizSimulatorOptions): Simulator & { readonly wiz: WizControls } {
  const { estate, clock = Date.now } = options;
  const simulator = createSimulator('wiz');
  const state = createState(options.stateFile);
  const tokenEndpoint = createTokenEndpoint({
    clientId: options.clientId ?? 'wiz-client',
    clientSecret: options.clientSecret ?? 'wiz-secret',
    tokenSeconds: options.tokenSeconds ?? 3600,
    clock,
  });
  const byVendorId = new Map(estate.assets.map((a) => [uuid(estate.seed, a.name), a]));
  let outcome: ScanOutcome = 'SUCCESS';
  const scans = createScanQueue({
    seed: estate.seed,
    state,
    polls: options.scanPolls ?? 3,
    resolveDelayMs: options.resolveDelayMs ?? 200,
    clock,
    outcome: () => outcome,
    byVendorId: (id) => byVendorId.get(id),
    stateOf: options.stateOf ?? (() => 'present'),
  });
  const resolvers = createResolvers({
    estate,
    state,
    scans,
    clock,
    untidyPages: options.untidyPages ?? true,
    malformed: options.malformedRows ?? true,
    cloudCost: options.cloudCost ?? true,
    ruleTags: options.ruleTags ?? {},
  });
  let inFlight = 0;
  let maxInFlight = 0;
  const wiz: WizControls = {
    expireTokens: () => tokenEndpoint.expireAll(),
    scanOutcome: (next) => {
      outcome = next;
    },
    maxInFlight: () => maxInFlight,
  };

  const answer = async (c: Context): Promise<Response> => {
    if (!tokenEndpoint.accepts(c.req.header('authorization'))) return c.json({ message: 'Unauthorized' }, 401);
    const body = (await c.req.json().catch(() => null)) as {
      query?: string;
      variables?: Record<string, unknown>;
    } | null;
    if (typeof body?.query !== 'string') return c.json({ errors: [{ message: 'Must provide query string.' }] }, 400);
    try {
      const { data, errors, fields } = await execute(resolvers, body.query, body.variables ?? {});
      c.set('label' as never, fields.join(',') as never);
      return c.json(errors.length > 0 ? { data, errors } : { data });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return c.json({ errors: [{ message: error.message, extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] }, 400);
    }
  };

  simulator.app.post('/__sim/expire-tokens', (c) => {
    wiz.expireTokens();
    return c.json({ expired: true });
  });
  simulator.app.post('/__sim/scan-outcome', async (c) => {
    outcome = ((await c.req.json()) as { outcome: ScanOutcome }).outcome;
    return c.json({ outcome });
  });
  simulator.app.post('/oauth/token', tokenEndpoint.issue);
  simulator.app.post('/graphql', async (c) => {
    maxInFlight = Math.max(maxInFlight, ++inFlight);
    try {
      // Gives requests that arrived together the chance to be seen together.
      await new Promise((resolve) => setImmediate(resolve));
      return await answer(c);
    } finally {
      inFlight--;
    }
  });
  return Object.assign(simulator, { wiz });
}
