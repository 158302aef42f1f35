import type { MiddlewareHandler } from 'hono';
import type { Estate } from '../estate/types.ts';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { registerAuth } from './auth.ts';
import { createChangeApi } from './change-api.ts';
import { createChangeJobs } from './change-jobs.ts';
import { SETTINGS, type ServiceNowSimulatorOptions, type World } from './context.ts';
import { registerPages } from './pages.ts';
import { personOf, refreshResourceIds, seedStore } from './seed.ts';
import { createStore, type Store } from './store.ts';
import { createTableApi } from './table-api.ts';
import { registerWorld } from './world.ts';

export type { ServiceNowSimulatorOptions } from './context.ts';

export interface ServiceNowSimulator extends Simulator {
  /** All tables, for tests that set up or look behind the API. */
  readonly store: Store;
}

/**
 * A ServiceNow instance on loopback: Table API, Change Management API, Basic and OAuth, and pages to look at.
 * Users, groups and configuration items come from the estate; tickets are kept in `stateFile` over a restart.
 */
export function createServiceNowSimulator(init: {
  estate: Estate;
  stateFile?: string;
  options?: ServiceNowSimulatorOptions;
}): ServiceNowSimulator {
  const simulator = createSimulator('servicenow');
  const store = createStore(init.stateFile);
  const settings = { ...SETTINGS, ...init.options };
  const world: World = { estate: init.estate, store, settings, hidden: new Set(), conflicts: new Map() };
  const integration = { ...personOf(settings.username), userName: settings.username, name: 'Idlewise Integration' };
  const manager = { ...personOf('change.manager'), groups: [settings.changeGroup] };
  seedStore(store, init.estate, { groups: [settings.changeGroup], users: [integration, manager] });

  const { app } = simulator;
  app.use('*', async (_, next) => {
    refreshResourceIds(store, init.estate);
    return next();
  });
  const guard = registerAuth(app, world);
  app.use('/api/*', guard as MiddlewareHandler);
  for (const [path, version] of [
    ['/api/now/table', 'v2'],
    ['/api/now/v2/table', 'v2'],
    ['/api/now/v1/table', 'v1'],
  ] as const)
    app.route(path, createTableApi(world, version));
  const jobs = createChangeJobs(world);
  const changes = createChangeApi(world);
  for (const path of ['/api/sn_chg_rest/change', '/api/sn_chg_rest/v1/change']) {
    app.route(path, changes);
    app.route(path, jobs);
  }
  registerWorld(app, world);
  registerPages(app, world);
  return { ...simulator, store };
}
