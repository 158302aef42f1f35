import { RESOURCE_GROUP } from '../estate/ids.ts';

/** The id as Azure writes it: in the words' own case, and the group sometimes in capitals. */
export function spelled(accountId: string, type: string, name: string, shout = false): string {
  const group = shout ? RESOURCE_GROUP.toUpperCase() : RESOURCE_GROUP;
  return `/subscriptions/${accountId}/resourceGroups/${group}/providers/${type}/${name}`;
}

/** The key of a resource of the estate's only group. */
export function keyFor(accountId: string, type: string, name: string): string {
  return spelled(accountId, type, name).toLowerCase();
}
