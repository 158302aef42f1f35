import { createSimulator } from '../kit/simulator.ts';
import { encodeCbor } from './cbor.ts';
import { createChanger } from './change.ts';
import { createCostExplorer } from './cost-explorer.ts';
import { AwsError, renderError } from './errors.ts';
import { handleCall } from './handle.ts';
import { createLook } from './look.ts';
import { createMoto } from './moto.ts';
import { type AwsCall, parseCall } from './request.ts';
import { restoreOrSeed } from './restore.ts';
import { createSessions } from './sessions.ts';
import { openStateLog } from './state-log.ts';
import type { AwsEndpoint, AwsEndpointOptions, WorldChange } from './types.ts';
import { advanceBill, createWorld } from './world.ts';
import { actAsSomebody, applyPassive, PERSON } from './world-change.ts';

export { SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from './identities.ts';
export { readSavedEstate } from './state-log.ts';
export type { AwsEndpoint, AwsEndpointOptions, Mutation, WorldChange } from './types.ts';

/**
 * One endpoint for every AWS API, in front of moto. Seeds the estate, or brings back the one its state file holds
 * (build the estate from `readSavedEstate` then). It fills `resourceId` and `assetKey` of every seeded asset.
 */
export async function createAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { estate, fixedNow } = options;
  const frozen = fixedNow === undefined ? null : Date.parse(fixedNow);
  const world = createWorld({
    estate,
    transitionMs: options.transitionMs ?? 300,
    now: () => frozen ?? Date.now(),
  });
  const moto = createMoto(options.motoUrl);
  const log = openStateLog(options.stateFile);
  const changer = createChanger({ world, moto, log });
  const sessions = createSessions();
  const costExplorer = createCostExplorer(world, {
    ...(options.resourceLevelServices ? { resourceLevelServices: options.resourceLevelServices } : {}),
    ...(options.costPageRows ? { pageRows: options.costPageRows } : {}),
  });
  await moto.reset();
  await restoreOrSeed({ world, changer, log });

  let cloudWatchRequests = 0;
  const accountIds = new Set(estate.accounts.map((a) => a.accountId));
  const deps = { world, moto, changer, sessions, costExplorer, accountIds, onCloudWatch: () => cloudWatchRequests++ };

  const change = async (what: WorldChange): Promise<void> => {
    switch (what.do) {
      case 'expire-credentials':
        return sessions.expireAll();
      case 'retag':
      case 'terminate':
      case 'stop':
        return actAsSomebody(world, changer, what);
      default:
        applyPassive(world, what, world.now());
        log.append({ k: 'world', at: world.now(), change: what });
    }
  };
  const advance = (days: number): void => {
    advanceBill(world, days);
    log.append({ k: 'bill', days });
  };

  const simulator = createSimulator('aws');
  const { app } = simulator;
  // Ground truth for the demo and the tests: labels, scripts and the ids the cloud gave.
  app.get('/__sim/estate', (c) =>
    c.json({ seed: estate.seed, seededAt: estate.seededAt, accounts: estate.accounts, assets: estate.assets }),
  );
  app.get('/__sim/mutations', (c) => c.json(world.mutations));
  app.post('/__sim/world', async (c) => {
    try {
      await change((await c.req.json()) as WorldChange);
      return c.json({ done: true });
    } catch (error) {
      if (error instanceof AwsError) return c.json({ error: error.code, message: error.message }, error.status as 400);
      throw error;
    }
  });
  app.post('/__sim/clock', async (c) => {
    const { advanceDays } = (await c.req.json()) as { advanceDays: number };
    advance(advanceDays);
    return c.json({ advanced: advanceDays });
  });
  app.all('*', async (c) => {
    let call: AwsCall | null = null;
    try {
      call = await parseCall(c.req.raw);
      const label = `${call.service}:${call.operation}`;
      c.set('label' as never, label as never);
      const principal = sessions.identify(call);
      c.set('label' as never, `${label} ${principal.arn.split('/').slice(1).join('/')}` as never);
      return await handleCall(deps, call, principal);
    } catch (error) {
      const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
      return renderError(known, call?.protocol ?? 'query', encodeCbor);
    }
  });

  return {
    ...simulator,
    mutations: () => world.mutations,
    effects: (operation, resourceId) =>
      world.mutations.filter(
        (m) =>
          m.operation === operation &&
          m.resourceIds.includes(resourceId) &&
          !m.dryRun &&
          m.errorCode === null &&
          m.roleName !== PERSON.roleName,
      ),
    world: change,
    advanceBill: advance,
    look: createLook({ world, moto }),
    billWorld: world,
    billableRequests: costExplorer.requests,
    cloudWatchRequests: () => cloudWatchRequests,
  };
}
