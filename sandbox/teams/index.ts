import { createSimulator, type Simulator } from '../kit/simulator.ts';
import { serveConnector } from './connector.ts';
import type { DeliveryDeps } from './delivery.ts';
import { serveInteractions } from './interactions.ts';
import { createServiceKeys } from './keys.ts';
import { servePage } from './page.ts';
import { sandboxTeamsDirectory } from './people.ts';
import { SANDBOX_APP_ID, SANDBOX_TENANT_ID, type Tenant } from './tenant.ts';
import { type BotTokens, serveTokens } from './tokens.ts';
import type { TeamsSimulatorOptions } from './types.ts';
import { createWorld, type TeamsWorld } from './world.ts';

export type { InteractionRequest } from './interactions.ts';
export { SANDBOX_CONVERSATION, sandboxTeamsDirectory } from './people.ts';
export { SANDBOX_APP_ID, SANDBOX_TENANT_ID } from './tenant.ts';
export type { Misbehaviour, TeamsSimulatorOptions } from './types.ts';

export interface TeamsSimulator extends Simulator {
  readonly world: TeamsWorld;
  readonly tokens: BotTokens;
}

/**
 * A Teams tenant on loopback: the connector under `/teams/` (the bot's service URL), Entra's token endpoint under
 * `/<tenant>/oauth2/v2.0/token`, the service's keys under `/v1/.well-known/keys`, signed activities towards the app's
 * `/api/messages`, and the channel as a page under `/`. People act through the page or through `/__sim/interact`.
 */
export async function createTeamsSimulator(settings: TeamsSimulatorOptions): Promise<TeamsSimulator> {
  const options = settings.options ?? {};
  const now = options.now ?? Date.now;
  const simulator = createSimulator('teams');
  const world = createWorld(settings.directory ?? sandboxTeamsDirectory, settings.stateFile, now);
  let origin = '';
  const tenant: Tenant = {
    appId: options.appId ?? SANDBOX_APP_ID,
    tenantId: options.tenantId ?? SANDBOX_TENANT_ID,
    tenantName: options.tenantName ?? 'Acme',
    appName: options.appName ?? 'Idlewise',
    serviceUrl: () => `${origin}/teams/`,
  };
  const keys = await createServiceKeys();
  const delivery: DeliveryDeps = { tenant, keys, appUrl: settings.appUrl ?? (() => null), now, log: [] };

  simulator.app.get('/v1/.well-known/keys', (c) => c.json(keys.jwks()));
  const tokens = serveTokens(simulator.app, {
    tenant,
    keys,
    appPassword: settings.appPassword,
    tokenSeconds: options.tokenSeconds ?? 3600,
    now,
    origin: () => origin,
  });
  serveConnector(simulator.app, {
    world,
    tenant,
    required: tokens.required,
    postsPerSecond: options.postsPerSecond ?? null,
  });
  serveInteractions(simulator.app, world, delivery);
  servePage(simulator.app, world, tenant);

  return {
    ...simulator,
    world,
    tokens,
    start: async (port) => {
      origin = await simulator.start(port);
      return origin;
    },
  };
}
