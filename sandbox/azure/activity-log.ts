import type { CloudWorld } from '../clouds/world.ts';
import type { AzureRoleName } from './identities.ts';

/** One change as the activity log keeps it. */
export interface ActivityEvent {
  readonly at: string;
  readonly correlationId: string | null;
  readonly caller: string;
  readonly role: AzureRoleName;
  readonly operation: string;
  readonly resourceId: string;
}

const named = (value: string) => ({ value, localizedValue: value });

/** Who made a resource and who changed it. `filter` names the resource. */
export function activityRows(
  world: CloudWorld,
  log: readonly ActivityEvent[],
  filter: string,
): Record<string, unknown>[] {
  const uri = (/resourceUri eq '([^']+)'/.exec(filter)?.[1] ?? '').toLowerCase();
  // The tags API logs under a resource below the one that is tagged.
  const TAGS = '/providers/microsoft.resources/tags/default';
  if (uri.endsWith(TAGS))
    return world.state.mutations
      .filter((m) => m.operation === 'retag' && m.key === uri.slice(0, -TAGS.length))
      .map((m) => ({
        caller: m.actor,
        correlationId: null,
        eventTimestamp: m.at,
        operationName: named('Microsoft.Resources/tags/write'),
        status: named('Succeeded'),
        subStatus: named('OK'),
        resourceId: uri,
      }))
      .reverse();
  const key = uri;
  const asset = world.assets.find((a) => a.assetKey === key);
  const changes = log
    .filter((event) => event.resourceId === key)
    .map((event) => ({
      caller: event.caller,
      correlationId: event.correlationId,
      eventTimestamp: event.at,
      operationName: named(event.operation),
      status: named('Succeeded'),
      subStatus: named('Accepted'),
      resourceId: key,
    }));
  // The log forgets after ninety days.
  const born = asset === undefined || asset.createdBy === null || asset.createdDaysAgo > 89 ? [] : [asset];
  return [
    ...changes.reverse(),
    ...born.map((a) => ({
      caller: `${a.createdBy}@acme.example`,
      correlationId: null,
      operationName: named(`${a.resourceType}/write`),
      status: named('Succeeded'),
      subStatus: named('Created'),
      resourceId: key,
    })),
  ];
}
