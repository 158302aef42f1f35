import { isProviderError, ProviderError, ProviderErrorKind } from '../../../errors.ts';
import type { RegionalClients } from '../clients.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';
import { type ActionContext, checkpoint, pollUntil } from './context.ts';
import { callFailure } from './failure.ts';
import { CallRefused, Halt } from './halt.ts';
import type { ScopedCall } from './session-policy.ts';

/** One change to the cloud. EC2 has no client tokens for these calls, so `seen` is what makes them happen once. */
export interface Effect {
  readonly step: string;
  readonly scope: ScopedCall;
  /** Written with the INTENT: what is there before, for whoever has to put it back. */
  readonly before: Record<string, unknown>;
  /** Reads the cloud: evidence of the effect, or null when it is not there (yet). */
  readonly seen: () => Promise<Record<string, unknown> | null>;
  readonly call: (clients: RegionalClients, dryRun: boolean) => Promise<unknown>;
  /** ELB has no dry run. @default true */
  readonly dryRun?: boolean;
}

/** Looks after a held INTENT before the call is repeated: what we did may only be slow to show. */
const SETTLE_LOOKS = 3;
const ATTEMPTS = 2;

/**
 * Exactly once: look → (dry run) → durable INTENT → call → look → RESULT. With an INTENT from an earlier life the state is
 * read first, and the call is not repeated when its effect shows. Returns who did it: `others` means it was so without us.
 * @throws CallRefused when AWS says no for good; ProviderError when the caller should retry later
 */
export async function runEffect(ctx: ActionContext, effect: Effect): Promise<'us' | 'others'> {
  const { step } = effect;
  ctx.log.heartbeat(step);
  const held = await ctx.log.hasIntent(step);
  const evidence = held ? await settle(ctx, effect) : await effect.seen();
  if (evidence && !held) return 'others';
  if (evidence) {
    await ctx.log.result(step, { ...evidence, reconstructed: true });
    ctx.done.push(step);
    return 'us';
  }
  await checkpoint(ctx);
  const outcome = await attempt(ctx, effect);
  const after =
    outcome.evidence ??
    (await pollUntil(ctx, {
      what: step,
      timeoutMs: ctx.waits.transitionTimeoutMs,
      killable: false,
      look: async () => (await effect.seen()) ?? undefined,
    }));
  await ctx.log.result(step, after);
  // The target vanished before our only call reached it: somebody else was faster.
  if (outcome.absent && !held) return 'others';
  ctx.done.push(step);
  return 'us';
}

async function settle(ctx: ActionContext, effect: Effect): Promise<Record<string, unknown> | null> {
  for (let look = 1; ; look++) {
    const evidence = await effect.seen();
    if (evidence || look === SETTLE_LOOKS) return evidence;
    ctx.log.heartbeat(effect.step);
    await ctx.sleep(ctx.waits.pollMs);
  }
}

type Attempt = { readonly evidence: Record<string, unknown> | null; readonly absent: boolean };

async function attempt(ctx: ActionContext, effect: Effect): Promise<Attempt> {
  const { step, scope } = effect;
  for (let n = 1; ; n++) {
    const clients = await ctx.issue(step, scope);
    let intent = false;
    try {
      if (effect.dryRun !== false) await rehearse(clients, effect);
      await checkpoint(ctx);
      await ctx.log.intent(step, { action: scope.action, resources: scope.resources, before: effect.before });
      intent = true;
      await effect.call(clients, false);
      return { evidence: null, absent: false };
    } catch (error) {
      if (error instanceof Halt || error instanceof CallRefused) throw error;
      if (!intent && !fromCall(error)) throw error;
      const evidence = intent ? await effect.seen() : null;
      switch (callFailure(error)) {
        case 'expired':
          if (evidence) return { evidence, absent: false };
          if (n < ATTEMPTS) continue;
          throw mapAwsError(error, scope.action);
        case 'absent':
          if (evidence) return { evidence, absent: true };
          return await refuse(ctx, effect, { error, intent });
        case 'refused':
          if (evidence) return { evidence, absent: false };
          return await refuse(ctx, effect, { error, intent });
        case 'would-succeed':
        case 'unknown':
          // The answer was lost: when the effect shows it was done, otherwise a later retry looks again first.
          if (evidence) return { evidence, absent: false };
          throw mapAwsError(error, scope.action);
      }
    } finally {
      clients.destroy();
    }
  }
}

async function rehearse(clients: RegionalClients, effect: Effect): Promise<void> {
  try {
    await effect.call(clients, true);
  } catch (error) {
    if (callFailure(error) === 'would-succeed') return;
    throw error;
  }
  throw new ProviderError({
    kind: ProviderErrorKind.Malformed,
    provider: 'aws',
    operation: effect.scope.action,
    message: 'the dry run answered as if the call had been made; check that the endpoint honours DryRun',
  });
}

async function refuse(
  ctx: ActionContext,
  effect: Effect,
  { error, intent }: { error: unknown; intent: boolean },
): Promise<never> {
  const code = awsErrorCode(error) ?? 'Unknown';
  const message = mapAwsError(error, effect.scope.action).message;
  if (intent) await ctx.log.result(effect.step, { refused: code, message });
  throw new CallRefused(effect.step, code, message);
}

/** Errors of the log or the kill switch are not answers of AWS and go to the caller as they are. */
function fromCall(error: unknown): boolean {
  return awsErrorCode(error) !== null && !isProviderError(error);
}
