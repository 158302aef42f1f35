import { sha256 } from '../../../../schemas/digest.ts';
import type { ActionContext } from './context.ts';

/**
 * The id under which Google takes a repeated request for the one it has: the same for the same step of the same plan, on the same
 * resource, so that a repetition after a lost answer or a crash is no second effect.
 */
export function requestIdOf(ctx: ActionContext, step: string, resource = ctx.plan.assetKey): string {
  const digest = sha256(`${ctx.identity.planDigest}/${step}/${resource}`);
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(18, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
