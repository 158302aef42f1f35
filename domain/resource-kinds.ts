import type { CloudProvider, ResourceKind, ResourceType } from '../schemas/resource-type.ts';
import { resourceTypeRow } from '../schemas/resource-types.ts';

export function kindOf(type: ResourceType): ResourceKind {
  return resourceTypeRow(type).kind ?? 'resource';
}

/** Which cloud has resources of this type. */
export function providerOf(type: ResourceType): CloudProvider {
  if (type.startsWith('AWS::')) return 'aws';
  return type.startsWith('Microsoft.') ? 'azure' : 'gcp';
}
