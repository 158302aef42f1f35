import { createSimulator, type Simulator } from '../kit/simulator.ts';
import type { DeliveryDeps } from './delivery.ts';
import { createInteractionTokens } from './interaction-tokens.ts';
import { serveInteractions } from './interactions.ts';
import type { MethodContext } from './methods.ts';
import { servePage } from './page.ts';
import { sandboxSlackDirectory } from './people.ts';
import type { SlackSimulatorOptions } from './types.ts';
import { serveWebApi } from './web-api.ts';
import { createWorld, type SlackWorld } from './world.ts';

export type { InteractionRequest } from './interactions.ts';
export { sandboxSlackDirectory } from './people.ts';
export type { Delivery, Misbehaviour, SlackDirectorySeed, SlackSimulatorOptions, SlackUserSeed } from './types.ts';

export interface SlackSimulator extends Simulator {
  readonly world: SlackWorld;
}

/**
 * A Slack workspace on loopback: the Web API under `/api/`, signed interactions towards the app, and the channel as a
 * page under `/`. People act through the page or through `/__sim/interact` and `/__sim/submit-view`.
 */
export function createSlackSimulator(settings: SlackSimulatorOptions): SlackSimulator {
  const options = settings.options ?? {};
  const now = options.now ?? Date.now;
  const simulator = createSimulator('slack');
  const world = createWorld(settings.directory ?? sandboxSlackDirectory, settings.stateFile, now);
  const context: MethodContext = {
    world,
    tokens: createInteractionTokens({
      triggerTtlMs: options.triggerTtlMs ?? 3000,
      responseUrlTtlMs: options.responseUrlTtlMs ?? 1_800_000,
      now,
    }),
    workspace: {
      teamId: options.teamId ?? 'T0IDLEWISE',
      teamDomain: options.teamDomain ?? 'acme',
      teamName: options.teamName ?? 'Acme',
      appId: options.appId ?? 'A0IDLEWISE',
      appName: options.appName ?? 'Idlewise',
      botUserId: 'U0IDLEWISE',
      botId: 'B0IDLEWISE',
    },
  };
  let baseUrl = '';
  const delivery: DeliveryDeps = {
    appUrl: settings.appUrl ?? (() => null),
    signingSecret: settings.signingSecret,
    now,
    log: [],
  };

  serveWebApi(simulator.app, {
    ...context,
    botToken: options.botToken ?? null,
    peopleToken: options.peopleToken ?? null,
    postsPerSecond: options.postsPerSecond ?? null,
  });
  serveInteractions(simulator.app, context, { ...delivery, baseUrl: () => baseUrl });
  servePage(simulator.app, context);

  return {
    ...simulator,
    world,
    start: async (port) => {
      baseUrl = await simulator.start(port);
      return baseUrl;
    },
  };
}
