import type { Thing } from './inventory.ts';

/** A question the vendor refuses, with its words. */
export class Refused extends Error {}

export type Condition = Readonly<Record<string, unknown>>;
export type KnownKeys = (model: string) => ReadonlySet<string>;

/** Looks at every name of a condition before any row is read, as the vendor does. */
export function checkCondition(condition: Condition, model: string, known: KnownKeys): void {
  const nested = listOf(condition['values']);
  if (condition['type'] === 'operation') {
    for (const inner of nested) checkCondition(inner as Condition, model, known);
    return;
  }
  if (condition['operator'] === 'has') {
    const [related] = listOf(condition['models']);
    // A relation the model does not have is an unknown field like any other; only those of alerts differ between tenants.
    const [key] = listOf(condition['keys']);
    if (model === 'Alert' && key !== 'CloudAccount') {
      checkKey(String(key), model, known);
      if (condition['type'] !== 'object_set') throw new Refused(`Unknown field '${String(key)}'`);
    }
    if (condition['with']) checkCondition(condition['with'] as Condition, String(related), known);
    return;
  }
  checkKey(String(condition['key']), model, known);
}

export function checkKey(key: string, model: string, known: KnownKeys): void {
  if (!known(model).has(key)) throw new Refused(`Unknown field '${key}'`);
}

export function matches(thing: Thing, condition: Condition): boolean {
  const values = listOf(condition['values']);
  if (condition['type'] === 'operation') {
    const inner = values as readonly Condition[];
    return condition['operator'] === 'or'
      ? inner.some((c) => matches(thing, c))
      : inner.every((c) => matches(thing, c));
  }
  const found = holds(thing, condition, values);
  return condition['negate'] === true ? !found : found;
}

function holds(thing: Thing, condition: Condition, values: readonly unknown[]): boolean {
  const operator = String(condition['operator']);
  if (operator === 'has') {
    const related = listOf(condition['keys']).map((key) => thing.related[String(key)]);
    const inner = condition['with'] as Condition | undefined;
    return related.some((other) => other !== undefined && (inner === undefined || matches(other, inner)));
  }
  const value = thing.values[String(condition['key'])];
  switch (operator) {
    case 'in':
    case 'eq':
      return values.includes(value);
    case 'not_in':
      return !values.includes(value);
    case 'any_match':
      return Array.isArray(value) && value.some((item) => values.includes(item));
    default:
      throw new Refused(`Unsupported operator '${operator}'`);
  }
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
