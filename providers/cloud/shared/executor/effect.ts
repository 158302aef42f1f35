import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';
import { type ActionContext, type CallScope, checkpoint, pollUntil, type RunContext, type Session } from './context.ts';
import type { Failures } from './failure.ts';
import { CallRefused, Halt } from './halt.ts';

type Evidence = Record<string, unknown>;

/** One change to the cloud. Few such calls take a client token, so `seen` is what makes them happen once. */
export interface Effect<S extends Session, C extends CallScope> extends Visible {
  readonly scope: C;
  readonly call: (session: S, dryRun: boolean) => Promise<unknown>;
  /** Is there a rehearsal, as EC2's? @default true */
  readonly dryRun?: boolean;
}

interface Visible {
  readonly step: string;
  /** Written with the INTENT: what is there before, for whoever has to put it back. */
  readonly before: Evidence;
  /** Reads the cloud: evidence of the effect, or null when it is not there (yet). */
  readonly seen: () => Promise<Evidence | null>;
}

/** Looks after a held INTENT before the call is repeated: what we did may only be slow to show. */
const SETTLE_LOOKS = 3;
const ATTEMPTS = 2;

/**
 * Exactly once: look → dry run → durable INTENT → call → look → RESULT. With an INTENT from an earlier life the state is read
 * first, and the call is not repeated when its effect shows. Returns who did it: `others` means it was so without us.
 * @throws CallRefused when the cloud says no for good; Halt when a person must look; ProviderError when a retry is sensible
 */
export async function runEffect<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  planned: Effect<S, C> | Promise<Effect<S, C>>,
): Promise<'us' | 'others'> {
  const effect = await planned;
  const { step } = effect;
  const { log } = ctx;
  log.heartbeat(step);
  const held = await log.hasIntent(step);
  const already = held ? await settle(ctx, effect) : await effect.seen();
  if (already && !held) return 'others';
  if (already) {
    await log.result(step, { ...already, reconstructed: true });
    ctx.done.push(step);
    return 'us';
  }
  if (held && (await log.hasResult(step))) throw new Halt('needs-human', [`undone:${step}`]);
  await checkpoint(ctx);
  const attempt = await tryCall(ctx, effect);
  if (attempt.by === 'others' && !held) return 'others';
  await log.result(step, attempt.evidence ?? (await confirm(ctx, effect)));
  ctx.done.push(step);
  return 'us';
}

async function settle(ctx: RunContext, effect: Visible): Promise<Evidence | null> {
  for (let look = 1; ; look++) {
    const evidence = await effect.seen();
    if (evidence || look === SETTLE_LOOKS) return evidence;
    ctx.log.heartbeat(effect.step);
    await ctx.sleep(ctx.waits.pollMs);
  }
}

async function confirm(ctx: RunContext, effect: Visible): Promise<Evidence> {
  try {
    return await pollUntil(ctx, {
      what: effect.step,
      timeoutMs: ctx.waits.transitionTimeoutMs,
      killable: false,
      look: async () => (await effect.seen()) ?? undefined,
    });
  } catch (error) {
    // Accepted and never seen: the trail must not end in an open INTENT.
    if (error instanceof Halt) await ctx.log.result(effect.step, { accepted: true, visible: false });
    throw error;
  }
}

interface Called {
  readonly effect: Visible;
  readonly action: string;
  readonly failures: Failures;
}

interface Attempt {
  readonly by: 'us' | 'others';
  readonly evidence: Evidence | null;
}

async function tryCall<S extends Session, C extends CallScope>(
  ctx: ActionContext<S, C>,
  effect: Effect<S, C>,
): Promise<Attempt> {
  const { failures } = ctx;
  const { action, resources } = effect.scope;
  for (let n = 1; ; n++) {
    const session = await ctx.issue(effect.step, effect.scope);
    try {
      const rehearsal = effect.dryRun === false ? null : await failureOf(() => rehearse(session, { effect, failures }));
      if (rehearsal) {
        const after = await afterFailure({ effect, action, failures }, rehearsal.error);
        if (after === 'retry' && n < ATTEMPTS) continue;
        if (after === 'retry') throw failures.map(rehearsal.error, action);
        if (after) return { by: 'others', evidence: after };
        throw refusal({ effect, action, failures }, rehearsal.error);
      }
      await checkpoint(ctx);
      await ctx.log.intent(effect.step, { action, resources, before: effect.before });
      const failed = await failureOf(() => effect.call(session, false));
      if (!failed) return { by: 'us', evidence: null };
      const after = await afterFailure({ effect, action, failures }, failed.error);
      if (after === 'retry' && n < ATTEMPTS) continue;
      if (after === 'retry') throw failures.map(failed.error, action);
      if (after) return { by: 'us', evidence: { ...after, answer: failures.code(failed.error) ?? 'lost' } };
      const no = refusal({ effect, action, failures }, failed.error);
      await ctx.log.result(effect.step, { refused: no.code, message: no.message });
      throw no;
    } finally {
      session.destroy();
    }
  }
}

/** Evidence when the effect shows all the same, `retry` under a new session, null when it was refused for good. */
async function afterFailure({ effect, action, failures }: Called, error: unknown): Promise<Evidence | 'retry' | null> {
  const evidence = await effect.seen();
  if (evidence) return evidence;
  switch (failures.classify(error)) {
    case 'expired':
      return 'retry';
    case 'absent':
    case 'refused':
      return null;
    case 'would-succeed':
    case 'unknown':
      // The answer was lost or the call throttled: a later retry of the whole step looks first.
      throw failures.map(error, action);
  }
}

async function rehearse<S extends Session, C extends CallScope>(
  session: S,
  { effect, failures }: { effect: Effect<S, C>; failures: Failures },
): Promise<void> {
  const failed = await failureOf(() => effect.call(session, true));
  if (failed && failures.classify(failed.error) === 'would-succeed') return;
  if (failed) throw failed.error;
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: failures.provider,
    operation: effect.scope.action,
    message: 'the dry run answered as if the call had been made; check that the endpoint honours DryRun',
  });
}

async function failureOf(call: () => Promise<unknown>): Promise<{ error: unknown } | null> {
  try {
    await call();
    return null;
  } catch (error) {
    return { error };
  }
}

function refusal({ effect, action, failures }: Called, error: unknown): CallRefused {
  const { message } = failures.map(error, action);
  return new CallRefused(effect.step, {
    code: failures.code(error) ?? 'Unknown',
    message,
    denied: failures.denied(error),
  });
}
