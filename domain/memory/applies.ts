import type { CaseFacets, GuidanceScope } from '../../schemas/memory.ts';
import type { ActionName } from '../../schemas/option.ts';

/** True when every list of the scope holds one of the case's own values; a scope without lists applies to all. */
export function applies(scope: GuidanceScope, facets: CaseFacets, actions: readonly ActionName[]): boolean {
  const { classes, environments, actions: offered, tagKeys, reasons, ...facts } = scope;
  const any = (wanted: readonly string[] | undefined, has: readonly string[]) =>
    wanted === undefined || wanted.some((w) => has.includes(w));
  return (
    any(classes, [facets.kind]) &&
    any(environments, [facets.environment]) &&
    any(offered, actions) &&
    any(tagKeys, facets.tagKeys) &&
    any(reasons, facets.reasons) &&
    (Object.keys(facts) as (keyof typeof facts)[]).every((name) => any(facts[name], [facets[name]]))
  );
}
