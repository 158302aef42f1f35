import type { ActionContext, GcpScope } from './context.ts';

/** Every change of Google Cloud is made without a rehearsal: there is none. */
export function common(ctx: ActionContext, step: string, before: Record<string, unknown>) {
  return { step, before: { ...before, decisionId: ctx.identity.decisionId }, dryRun: false } as const;
}

export function scopeOf(
  ctx: ActionContext,
  action: string,
  role: GcpScope['role'],
  api: GcpScope['api'] = 'compute',
): GcpScope {
  return { action, resources: [ctx.plan.assetKey], role, api };
}
