import type { MiddlewareHandler } from 'hono';
import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { createAccounts, createGuard } from './auth.ts';
import { type JiraSimulatorOptions, SETTINGS, type World } from './context.ts';
import { createServiceDeskApi } from './service-desk-api.ts';
import { createIssueApi } from './issue-api.ts';
import { registerPages } from './pages.ts';
import { createSiteApi } from './site-api.ts';
import { createStore, type Store } from './store.ts';
import { createWebhooks } from './webhooks.ts';
import { registerWorld } from './world.ts';

export type { JiraSimulatorOptions } from './context.ts';

export interface JiraSimulator extends Simulator {
  /** All issues, for tests that look behind the API. */
  readonly store: Store;
}

/**
 * A Jira Cloud site with Service Management on loopback: issues, transitions, comments, search with a lagging index,
 * requests and approvals, signed webhooks, and pages to look at. Issues are kept in `stateFile` over a restart.
 */
export function createJiraSimulator(init: { stateFile?: string; options?: JiraSimulatorOptions } = {}): JiraSimulator {
  const simulator = createSimulator('jira');
  const settings = { ...SETTINGS, ...init.options };
  const store = createStore(init.stateFile);
  const send = settings.webhook ? createWebhooks(settings.webhook, () => world) : () => undefined;
  const world: World = { store, settings, accounts: createAccounts(settings), hidden: new Set(), changed: send };

  const { app } = simulator;
  app.use('/rest/*', createGuard(settings, world.accounts) as MiddlewareHandler);
  app.route('/rest/api/3/issue', createIssueApi(world));
  app.route('/rest/api/3', createSiteApi(world));
  app.route('/rest/servicedeskapi', createServiceDeskApi(world));
  registerWorld(app, world);
  registerPages(app, world);
  return { ...simulator, store };
}
