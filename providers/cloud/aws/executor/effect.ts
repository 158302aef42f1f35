import { ProviderError, ProviderErrorKind } from '../../../errors.ts';
import type { RegionalClients } from '../clients.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';
import { type ActionContext, checkpoint, pollUntil } from './context.ts';
import { callFailure } from './failure.ts';
import { CallRefused, Halt } from './halt.ts';
import type { ScopedCall } from './session-policy.ts';

type Evidence = Record<string, unknown>;

/** One change to the cloud. EC2 has no client tokens for these calls, so `seen` is what makes them happen once. */
export interface Effect {
  readonly step: string;
  readonly scope: ScopedCall;
  /** Written with the INTENT: what is there before, for whoever has to put it back. */
  readonly before: Evidence;
  /** Reads the cloud: evidence of the effect, or null when it is not there (yet). */
  readonly seen: () => Promise<Evidence | null>;
  readonly call: (clients: RegionalClients, dryRun: boolean) => Promise<unknown>;
  /** ELB has no dry run. @default true */
  readonly dryRun?: boolean;
}

/** Looks after a held INTENT before the call is repeated: what we did may only be slow to show. */
const SETTLE_LOOKS = 3;
const ATTEMPTS = 2;

/**
 * Exactly once: look → dry run → durable INTENT → call → look → RESULT. With an INTENT from an earlier life the state is read
 * first, and the call is not repeated when its effect shows. Returns who did it: `others` means it was so without us.
 * @throws CallRefused when AWS says no for good; Halt when a person must look; ProviderError when a retry is sensible
 */
export async function runEffect(ctx: ActionContext, effect: Effect): Promise<'us' | 'others'> {
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
  if (held && (await log.hasResult?.(step))) throw new Halt('needs-human', [`undone:${step}`]);
  await checkpoint(ctx);
  const attempt = await tryCall(ctx, effect);
  if (attempt.by === 'others' && !held) return 'others';
  await log.result(step, attempt.evidence ?? (await confirm(ctx, effect)));
  ctx.done.push(step);
  return 'us';
}

async function settle(ctx: ActionContext, effect: Effect): Promise<Evidence | null> {
  for (let look = 1; ; look++) {
    const evidence = await effect.seen();
    if (evidence || look === SETTLE_LOOKS) return evidence;
    ctx.log.heartbeat(effect.step);
    await ctx.sleep(ctx.waits.pollMs);
  }
}

async function confirm(ctx: ActionContext, effect: Effect): Promise<Evidence> {
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

interface Attempt {
  readonly by: 'us' | 'others';
  readonly evidence: Evidence | null;
}

async function tryCall(ctx: ActionContext, effect: Effect): Promise<Attempt> {
  for (let n = 1; ; n++) {
    const clients = await ctx.issue(effect.step, effect.scope);
    try {
      const rehearsal = effect.dryRun === false ? null : await failureOf(() => rehearse(clients, effect));
      if (rehearsal) {
        const after = await afterFailure(effect, rehearsal.error);
        if (after === 'retry' && n < ATTEMPTS) continue;
        if (after === 'retry') throw mapAwsError(rehearsal.error, effect.scope.action);
        if (after) return { by: 'others', evidence: after };
        throw refusal(effect, rehearsal.error);
      }
      await checkpoint(ctx);
      const { action, resources } = effect.scope;
      await ctx.log.intent(effect.step, { action, resources, before: effect.before });
      const failed = await failureOf(() => effect.call(clients, false));
      if (!failed) return { by: 'us', evidence: null };
      const after = await afterFailure(effect, failed.error);
      if (after === 'retry' && n < ATTEMPTS) continue;
      if (after === 'retry') throw mapAwsError(failed.error, effect.scope.action);
      if (after) return { by: 'us', evidence: { ...after, answer: awsErrorCode(failed.error) ?? 'lost' } };
      const no = refusal(effect, failed.error);
      await ctx.log.result(effect.step, { refused: no.code, message: no.message });
      throw no;
    } finally {
      clients.destroy();
    }
  }
}

/** Evidence when the effect shows all the same, `retry` under a new session, null when it was refused for good. */
async function afterFailure(effect: Effect, error: unknown): Promise<Evidence | 'retry' | null> {
  const evidence = await effect.seen();
  if (evidence) return evidence;
  switch (callFailure(error)) {
    case 'expired':
      return 'retry';
    case 'absent':
    case 'refused':
      return null;
    case 'would-succeed':
    case 'unknown':
      // The answer was lost or the call throttled: a later retry of the whole step looks first.
      throw mapAwsError(error, effect.scope.action);
  }
}

async function rehearse(clients: RegionalClients, effect: Effect): Promise<void> {
  const failed = await failureOf(() => effect.call(clients, true));
  if (failed && callFailure(failed.error) === 'would-succeed') return;
  if (failed) throw failed.error;
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'aws',
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

function refusal(effect: Effect, error: unknown): CallRefused {
  const message = mapAwsError(error, effect.scope.action).message;
  return new CallRefused(effect.step, awsErrorCode(error) ?? 'Unknown', message);
}
