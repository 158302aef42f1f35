import { applyCall } from './apply-call.ts';
import { AwsError } from './errors.ts';
import type { Moto, MotoCall } from './moto.ts';
import type { Actor, LogEntry, StateLog } from './state-log.ts';
import type { World } from './world.ts';
import { firstText } from './xml-items.ts';

export interface ChangeRequest {
  /** e.g. `ec2:StopInstances`. */
  readonly operation: string;
  readonly call: MotoCall;
  readonly actor: Actor;
  /** Epoch ms the thing is said to have happened at; only for seeding. */
  readonly bornAt?: number;
}

export interface ChangeAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly resourceIds: readonly string[];
  readonly errorCode: string | null;
}

export interface Changer {
  /** One mutation in moto, logged and reflected in the world when it took effect. */
  run(request: ChangeRequest): Promise<ChangeAnswer>;
  /** The same again after a restart. Throws when moto no longer agrees: the estate would differ from what people saw. */
  replay(entry: Extract<LogEntry, { k: 'call' }>): Promise<void>;
}

/** Ids must be the same after a restart, so each mutation seeds moto's random source with its own number. */
export function createChanger(deps: { world: World; moto: Moto; log: StateLog }): Changer {
  const { world, moto, log } = deps;
  const motoSeed = (n: number) => world.estate.seed * 1_000_000 + n;
  let counter = 0;

  return {
    async run({ operation, call, actor, bornAt }) {
      const n = ++counter;
      const answer = await moto.change(call, motoSeed(n));
      const ok = answer.status < 300;
      if (!ok)
        return { ...answer, resourceIds: [], errorCode: firstText(answer.text, 'Code') ?? String(answer.status) };
      const at = Date.now();
      const entry = { k: 'call' as const, n, at, operation, call, actor, ...(bornAt === undefined ? {} : { bornAt }) };
      log.append(entry);
      return { ...answer, resourceIds: applyCall(world, entry, answer.text), errorCode: null };
    },
    async replay(entry) {
      counter = Math.max(counter, entry.n);
      const answer = await moto.change(entry.call, motoSeed(entry.n));
      if (answer.status >= 300) {
        throw new AwsError(
          'SandboxReplayFailed',
          `moto refused recorded change ${entry.n} (${entry.operation}): ${answer.text.slice(0, 200)}; start with --fresh`,
          500,
        );
      }
      const resourceIds = applyCall(world, entry, answer.text);
      if (entry.bornAt === undefined) world.mutations.push(mutationOf(entry, resourceIds, null));
    },
  };
}

export function mutationOf(
  entry: { at: number; operation: string; call: Pick<MotoCall, 'accountId' | 'region'>; actor: Actor },
  resourceIds: readonly string[],
  errorCode: string | null,
  dryRun = false,
) {
  return {
    at: new Date(entry.at).toISOString(),
    operation: entry.operation,
    accountId: entry.call.accountId,
    region: entry.call.region,
    resourceIds,
    ...entry.actor,
    dryRun,
    errorCode,
  };
}
