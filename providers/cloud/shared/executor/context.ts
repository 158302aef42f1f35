import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { Plan } from '../../../../schemas/option.ts';
import type { EffectLog, ExecutionIdentity, ExecutorWaits } from '../../../../ports/cloud.ts';
import { type Failures, isTransient } from './failure.ts';
import { Halt } from './halt.ts';

/** One mutating call, as narrow as the cloud can say it. */
export interface CallScope {
  /** The cloud's own name of the permission. */
  readonly action: string;
  readonly resources: readonly string[];
}

/** Clients under credentials made for one change. */
export interface Session {
  /** Gives the credentials up. */
  destroy(): void;
}

/** What every step of a plan needs, whatever the cloud; made afresh for each call of the executor. */
export interface RunContext {
  readonly plan: Plan;
  readonly asset: AssetRef;
  /** Facts the caller read and passed the gates with; null when the asset was gone. */
  readonly given: CloudFacts | null;
  readonly log: EffectLog;
  readonly identity: ExecutionIdentity;
  readonly failures: Failures;
  /** Full facts, fresh. */
  readonly look: () => Promise<CloudFacts | null>;
  /** Reason codes of every pre-flight check of the plan that fails on these facts. */
  readonly preflight: (facts: CloudFacts) => Promise<readonly string[]>;
  readonly waits: ExecutorWaits;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** Steps of this call whose effect is in the cloud because of us, in order. */
  readonly done: string[];
  /** Steps of this phase that an earlier life had begun: their effect may be there. */
  readonly begun: Set<string>;
}

/** With the cloud's own clients: `S` under which something is called, `C` what it may do. */
export interface ActionContext<S extends Session, C extends CallScope> extends RunContext {
  /** Runs a read under the executor's own read-only session, renewed when it ended early. */
  readonly reading: <T>(read: (session: S) => Promise<T>) => Promise<T>;
  readonly issue: (step: string, call: C) => Promise<S>;
}

/** Which of the phase's steps an earlier life had begun. Called first thing by every action. */
export async function recallBegun(ctx: RunContext, steps: readonly string[]): Promise<ReadonlySet<string>> {
  for (const step of steps) if (await ctx.log.hasIntent(step)) ctx.begun.add(step);
  return ctx.begun;
}

/** True when this phase has, or may have, changed something. */
export function touched(ctx: RunContext): boolean {
  return ctx.done.length > 0 || ctx.begun.size > 0;
}

const GROWTH = 1.5;
const SLOWEST_POLLS = 8;

/** Looks until there is an answer, ever more slowly. A look that fails in passing counts as no answer yet. */
export async function pollUntil<T>(
  ctx: RunContext,
  question: {
    readonly what: string;
    readonly timeoutMs: number;
    readonly look: () => Promise<T | undefined>;
    /** Stop waiting when the kill switch is thrown; for waits that lead to a further change. */
    readonly killable: boolean;
  },
): Promise<T> {
  const { waits } = ctx;
  const end = ctx.now() + question.timeoutMs;
  let pause = waits.pollMs;
  for (;;) {
    const answer = await question.look().catch((error: unknown) => {
      if (isTransient(error) && ctx.now() < end) return undefined;
      throw error;
    });
    if (answer !== undefined) return answer;
    if (ctx.now() >= end) throw new Halt('needs-human', [`timeout:${question.what}`], { waitedMs: question.timeoutMs });
    await pauseFor(ctx, question, Math.min(pause, Math.max(0, end - ctx.now())));
    pause = Math.min(pause * GROWTH, waits.pollMs * SLOWEST_POLLS);
  }
}

/** Sleeps in slices of one poll: however slow the polls have become, heartbeats and the kill switch keep their pace. */
export async function pauseFor(ctx: RunContext, wait: { what: string; killable: boolean }, ms: number): Promise<void> {
  for (let left = ms; ; left -= ctx.waits.pollMs) {
    ctx.log.heartbeat(wait.what);
    if (wait.killable) await checkpoint(ctx);
    await ctx.sleep(Math.min(left, ctx.waits.pollMs));
    if (left <= ctx.waits.pollMs) return;
  }
}

/**
 * Between two steps: may we go on? With the kill switch thrown nothing further is changed: an asset we have already touched is
 * parked where it is, under a name, for a person; one we have not touched is left alone by rethrowing.
 */
export async function checkpoint(ctx: RunContext): Promise<void> {
  try {
    await ctx.log.assertNotKilled();
  } catch (error) {
    if (!touched(ctx) || isTransient(error)) throw error;
    throw new Halt('needs-human', ['kill-switch']);
  }
}
