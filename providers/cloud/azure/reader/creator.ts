import { z } from 'zod';
import type { AssetHistory } from '../../../../ports/cloud.ts';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import { readRows, textOf } from '../../../rows.ts';
import type { AzureSession } from '../clients.ts';
import { OptionalText, parseAzure } from './parse.ts';

const Named = z.object({ value: OptionalText }).nullish();
const Event = z.object({ caller: OptionalText, operationName: Named, status: Named, subStatus: Named });
type Event = z.infer<typeof Event>;
const OPERATION = 'Microsoft.Insights/eventtypes/values/read';
/** The activity log keeps 90 days; asking for more is an error. */
const DAYS = 89;
const DAY_MS = 86_400_000;

/** Events of the activity log. */
export function readEvents(nodes: readonly unknown[]): Readings<Event> {
  return readRows(nodes, {
    provider: 'azure',
    operation: OPERATION,
    read: (node) => parseAzure(Event, node, OPERATION),
    idOf: (node) => textOf(node, 'eventDataId'),
  });
}

/**
 * What the activity log of the last 89 days says. A write of the resource may change its tags; the tags API logs its own
 * operations, under a resource below it. Throws ProviderError.
 */
export async function lookUpHistory({ arm }: AzureSession, asset: AssetRef, now: number): Promise<AssetHistory> {
  const read = await Promise.all(
    [asset.assetKey, `${asset.assetKey}/providers/Microsoft.Resources/tags/default`].map((uri) =>
      eventsOf({ arm }, { asset, uri, now }),
    ),
  );
  const events = read.flatMap((r) => r.rows);
  const write = `${asset.resourceType}/write`.toLowerCase();
  const named = (event: Event) => event.operationName?.value?.toLowerCase() ?? '';
  const created = events.find((event) => named(event) === write && event.subStatus?.value === 'Created');
  const tagged = events.filter(
    (event) => named(event) === write || named(event).startsWith('microsoft.resources/tags/'),
  );
  const setters = tagged.filter((event) => event.status?.value !== 'Failed').map((event) => event.caller);
  const whole = read.every((r) => r.rejected.length === 0) && !setters.includes(null);
  return {
    creator: created?.caller ?? null,
    tagSetters: whole ? [...new Set(setters.filter((s) => s !== null))] : null,
  };
}

async function eventsOf(
  { arm }: Pick<AzureSession, 'arm'>,
  { asset, uri, now }: { asset: AssetRef; uri: string; now: number },
): Promise<Readings<Event>> {
  const since = new Date(now - DAYS * DAY_MS).toISOString();
  const query = new URLSearchParams({
    'api-version': '2015-04-01',
    $filter: `eventTimestamp ge '${since}' and eventTimestamp le '${new Date(now).toISOString()}' and resourceUri eq '${uri.replaceAll("'", "''")}'`,
    $select: 'caller,operationName,status,subStatus',
  });
  const path = `/subscriptions/${asset.accountId}/providers/Microsoft.Insights/eventtypes/management/values?${query.toString()}`;
  return readEvents(await arm.list(path, OPERATION));
}
