import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { type ActionContext, type CallScope, pauseFor, pollUntil, type RunContext, type Session } from './context.ts';
import type { Effect } from './effect.ts';
import { Halt } from './halt.ts';

export interface Peek {
  /** A state of InstanceFacts, or the cloud's own word where it has none of ours. */
  readonly state: string;
  readonly instanceType: string;
  /** What the cloud says of its last transition. */
  readonly reason?: unknown;
}

export type Make<S extends Session, C extends CallScope> = (
  ctx: ActionContext<S, C>,
  step: string,
  before: Record<string, unknown>,
) => Effect<S, C> | Promise<Effect<S, C>>;

/** How one cloud stops, changes, starts and deletes a virtual machine. */
export interface InstanceSteps<S extends Session, C extends CallScope> {
  /** One cheap call, for polls. Null when the cloud no longer knows it. */
  peek(ctx: ActionContext<S, C>): Promise<Peek | null>;
  readonly stop: Make<S, C>;
  readonly start: Make<S, C>;
  readonly terminate: Make<S, C>;
  modifyType(
    ctx: ActionContext<S, C>,
    step: string,
    change: { readonly from: string; readonly to: string },
  ): Effect<S, C>;
  /** Of a running machine: does it work? Asked until it does. */
  healthy(ctx: ActionContext<S, C>): Promise<boolean>;
  warnings(facts: InstanceFacts): string[];
}

/** Full facts, or null when the instance is gone. Throws ProviderError. */
export async function lookInstance(ctx: RunContext): Promise<InstanceFacts | null> {
  const facts = await ctx.look();
  return facts?.kind === 'instance' ? facts : null;
}

/**
 * The state before our own stop, as its INTENT recorded it: a machine that was off yet billed, or suspended, was not running.
 * `running` when the record says nothing else.
 */
export async function stateBeforeStop(ctx: RunContext): Promise<'running' | 'stopped-allocated' | 'suspended'> {
  const intent = (await ctx.log.intentDetail('stop')) as { before?: { state?: unknown } } | null;
  const state = intent?.before?.state;
  return state === 'stopped-allocated' || state === 'suspended' ? state : 'running';
}

/** Waits for `stopped`. Anything but stopping on the way means that somebody else is at it. */
export async function waitStopped<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  steps: InstanceSteps<S, C>,
  killable: boolean,
): Promise<void> {
  await pollUntil(ctx, {
    what: 'stopped',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable,
    look: async () => {
      const state = (await steps.peek(ctx))?.state ?? 'gone';
      if (state === 'stopped') return true;
      if (state === 'stopping') return undefined;
      throw new Halt('needs-human', [`unexpected-state:${state}`]);
    },
  });
}

export async function waitTerminated<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  steps: InstanceSteps<S, C>,
): Promise<void> {
  await pollUntil(ctx, {
    what: 'terminated',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable: false,
    look: async () => {
      const state = (await steps.peek(ctx))?.state ?? 'terminated';
      return state === 'terminated' ? true : undefined;
    },
  });
}

/** Waits for `running` and healthy. Falling back to stopped is how a lack of capacity can show late. */
export async function waitHealthy<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  steps: InstanceSteps<S, C>,
): Promise<void> {
  await untilHealthy(ctx, steps);
  // A disk that may not be decrypted stops a machine again a moment after the cloud has called it started.
  await pauseFor(ctx, { what: 'settling', killable: false }, ctx.waits.settleMs);
  await untilHealthy(ctx, steps);
}

async function untilHealthy<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  steps: InstanceSteps<S, C>,
): Promise<void> {
  await pollUntil(ctx, {
    what: 'running-and-healthy',
    timeoutMs: ctx.waits.transitionTimeoutMs,
    killable: false,
    look: async () => {
      const row = await steps.peek(ctx);
      const state = row?.state ?? 'gone';
      if (state === 'pending') return undefined;
      if (state !== 'running') {
        throw new Halt('needs-human', [`unexpected-state:${state}`], { stateReason: row?.reason ?? null });
      }
      return (await steps.healthy(ctx)) ? true : undefined;
    },
  });
}
