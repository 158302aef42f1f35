/** Conditions of the serving layer, in the vendor's own spelling. */
export type Condition = Readonly<Record<string, unknown>>;

export function all(values: readonly Condition[]): Condition {
  return { operator: 'and', type: 'operation', values };
}

export function isIn(key: string, values: readonly string[]): Condition {
  return { key, values, type: 'str', operator: 'in' };
}

/** Related objects of one model, e.g. the CloudAccount of an asset. */
export function has(model: string, conditions: readonly Condition[]): Condition {
  return { keys: [model], models: [model], type: 'object', operator: 'has', with: all(conditions) };
}
