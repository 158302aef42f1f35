import type { ResourceType } from '../../schemas/resource-type.ts';
import type { Rule } from '../../schemas/rules.ts';

const INDEXES = new WeakMap<readonly Rule[], ReadonlyMap<ResourceType, readonly Rule[]>>();
const NONE: readonly Rule[] = [];

/** The rules about one type, in their order. The index is made once per list, so that a long catalogue costs nothing. */
export function rulesAbout(rules: readonly Rule[], type: ResourceType): readonly Rule[] {
  let index = INDEXES.get(rules);
  if (index === undefined) {
    index = indexed(rules);
    INDEXES.set(rules, index);
  }
  return index.get(type) ?? NONE;
}

function indexed(rules: readonly Rule[]): ReadonlyMap<ResourceType, readonly Rule[]> {
  const index = new Map<ResourceType, Rule[]>();
  for (const rule of rules) {
    const known = index.get(rule.resourceType);
    if (known === undefined) index.set(rule.resourceType, [rule]);
    else known.push(rule);
  }
  return index;
}
