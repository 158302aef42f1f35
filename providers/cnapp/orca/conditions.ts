/** Conditions of the serving layer, in the vendor's own spelling. */
export type Condition = Readonly<Record<string, unknown>>;

export function all(values: readonly Condition[]): Condition {
  return { operator: 'and', type: 'operation', values };
}

export function isIn(key: string, values: readonly string[]): Condition {
  return { key, values, type: 'str', operator: 'in' };
}

/** The one related object of a model, e.g. the CloudAccount of an asset. */
export function has(model: string, conditions: readonly Condition[]): Condition {
  return related({ key: model, model, type: 'object' }, conditions);
}

/** Assets of an alert: there may be several, so the relation is a set. Which name it has, tenants differ in. */
export function hasAsset(key: string, conditions: readonly Condition[]): Condition {
  return related({ key, model: 'Inventory', type: 'object_set' }, conditions);
}

function related(
  to: { readonly key: string; readonly model: string; readonly type: 'object' | 'object_set' },
  conditions: readonly Condition[],
): Condition {
  return { keys: [to.key], models: [to.model], type: to.type, operator: 'has', with: all(conditions) };
}
