import type { Plan } from '../../../../schemas/option.ts';
import { ProviderError, ProviderErrorKind } from '../../../../ports/errors.ts';
import { parseId, type ResourcePath } from '../ids.ts';

/** Resource group and name of what a plan is about. Pre-flight has checked them; a plan without is an error of ours. */
export function placeOf(plan: Pick<Plan, 'assetKey'>): ResourcePath {
  return pathOf(plan.assetKey);
}

export function pathOf(id: string): ResourcePath {
  const path = parseId(id);
  if (path !== null) return path;
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'azure',
    operation: 'execute',
    message: `${id} is no resource id; nothing was called`,
  });
}
