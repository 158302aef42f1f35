import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import { readRows, textOf } from '../../../rows.ts';
import type { AzureSession } from '../clients.ts';
import { OptionalText, parseAzure } from './parse.ts';

const Named = z.object({ value: OptionalText }).nullish();
const Event = z.object({ caller: OptionalText, operationName: Named, status: Named, subStatus: Named });
const OPERATION = 'Microsoft.Insights/eventtypes/values/read';
/** The activity log keeps 90 days; asking for more is an error. */
const DAYS = 89;
const DAY_MS = 86_400_000;

/** Events of the activity log. One that cannot be read is one that does not say who created the asset. */
export function readEvents(nodes: readonly unknown[]): Readings<z.infer<typeof Event>> {
  return readRows(nodes, {
    provider: 'azure',
    operation: OPERATION,
    read: (node) => parseAzure(Event, node, OPERATION),
    idOf: (node) => textOf(node, 'eventDataId'),
  });
}

/** Who created the asset, as the activity log names them; null when it no longer says. Throws ProviderError. */
export async function lookUpCreator({ arm }: AzureSession, asset: AssetRef, now: number): Promise<string | null> {
  const since = new Date(now - DAYS * DAY_MS).toISOString();
  const query = new URLSearchParams({
    'api-version': '2015-04-01',
    $filter: `eventTimestamp ge '${since}' and eventTimestamp le '${new Date(now).toISOString()}' and resourceUri eq '${asset.assetKey.replaceAll("'", "''")}'`,
    $select: 'caller,operationName,status,subStatus',
  });
  const path = `/subscriptions/${asset.accountId}/providers/Microsoft.Insights/eventtypes/management/values?${query.toString()}`;
  const { rows: events } = readEvents(await arm.list(path, OPERATION));
  const write = `${asset.resourceType}/write`.toLowerCase();
  const created = events.find(
    (event) => event.operationName?.value?.toLowerCase() === write && event.subStatus?.value === 'Created',
  );
  return created?.caller ?? null;
}
