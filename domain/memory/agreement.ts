import type { CaseFacets, PastCase, VerifiedEnd } from '../../schemas/memory.ts';
import type { ActionName } from '../../schemas/option.ts';
import { isProductionLike } from '../environment.ts';

/** How much each facet tells about whether two cases are alike. */
const WEIGHTS = {
  rule: 2,
  owner: 1.5,
  criticality: 1.5,
  standbyRole: 1.5,
  type: 1,
  size: 1,
  age: 1,
  dependents: 1,
  internetExposed: 1,
  sensitiveData: 1,
  adminPrivileges: 0.5,
  exposure: 0.5,
  maintenanceWindow: 0.5,
  region: 0.5,
} as const satisfies Partial<Record<keyof CaseFacets, number>>;

const WEIGHED = Object.entries(WEIGHTS) as [keyof typeof WEIGHTS, number][];
const LIST_WEIGHT = 1.5;
const LISTS = ['evidence', 'reasons', 'tagKeys'] as const;
const SILENT: ReadonlySet<string> = new Set(['unknown', 'not-applicable']);

/** From here on a past case is about a case like this one. */
export const ALIKE_FROM = 0.7;

/** These ends say something of the asset itself, whatever was going to be done to it. */
const ABOUT_THE_ASSET: ReadonlySet<VerifiedEnd> = new Set(['active-again', 'rejected']);

/** Weighted share of equal facets among those known of both, 0–1. It depends on these two cases and on no other. */
export function agreement(a: CaseFacets, b: CaseFacets): number {
  let equal = 0;
  let compared = 0;
  for (const [facet, weight] of WEIGHED) {
    if (SILENT.has(a[facet]) || SILENT.has(b[facet])) continue;
    compared += weight;
    if (a[facet] === b[facet]) equal += weight;
  }
  for (const facet of LISTS) {
    const overlap = jaccard(a[facet], b[facet]);
    if (overlap === null) continue;
    compared += LIST_WEIGHT;
    equal += LIST_WEIGHT * overlap;
  }
  return compared === 0 ? 0 : equal / compared;
}

/**
 * How much a past case is about this one, 0–1: only where it is of the same kind, on the same side of production, about an
 * action on offer, and alike in most of what is known; else null.
 */
export function likeness(past: PastCase, now: CaseFacets, actions: readonly ActionName[]): number | null {
  if (past.facets.kind !== now.kind) return null;
  if (isProductionLike(past.facets.environment) !== isProductionLike(now.environment)) return null;
  if (!ABOUT_THE_ASSET.has(past.end) && past.action !== null && !actions.includes(past.action)) return null;
  const share = agreement(past.facets, now);
  return share >= ALIKE_FROM ? share : null;
}

/** Of lists without repeats. */
function jaccard(a: readonly string[], b: readonly string[]): number | null {
  if (a.length === 0 && b.length === 0) return null;
  let shared = 0;
  for (const word of a) if (b.includes(word)) shared++;
  return shared / (a.length + b.length - shared);
}
