import { providerOf } from '../../../domain/resource-kinds.ts';
import { accountProblem } from '../../../domain/cloud-ids/index.ts';
import type { ResourceType } from '../../../schemas/asset.ts';
import { ORCA_MODELS, type Orca } from './section.ts';

/** Orca's model per resource type: the built-in names with the configured ones over them. */
export type Models = ReadonlyMap<ResourceType, string>;

export function modelsOf(config: Pick<Orca, 'models'>): Models {
  const names = { ...ORCA_MODELS, ...config.models };
  return new Map(Object.entries(names).filter(([, name]) => typeof name === 'string') as [ResourceType, string][]);
}

/** Those of the types that have a model and can be in this account at all, as model → type. */
export function askedOf(
  models: Models,
  types: readonly ResourceType[],
  accountId: string,
): ReadonlyMap<string, ResourceType> {
  const asked = new Map<string, ResourceType>();
  for (const type of types) {
    const model = models.get(type);
    if (model !== undefined && accountProblem(providerOf(type), accountId) === null) asked.set(model, type);
  }
  return asked;
}
