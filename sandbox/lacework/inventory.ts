import { hashText } from '../estate/random.ts';
import type { SeededAsset } from '../estate/types.ts';
import type { Collections } from './collections.ts';
import { configurationOf } from './configuration.ts';
import { malformedRows } from './malformed.ts';
import { cloudDetails, cspOf, iso, regionOf, resourceIdOf, typeOf, urnOf } from './names.ts';
import type { Collection } from './state.ts';
import type { Row, World } from './types.ts';

/** One row for each resource and collection in the span, in no useful order. */
export function inventoryRows(
  world: World,
  collections: Collections,
  of: { readonly csp: string; readonly from: number; readonly to: number; readonly malformed: boolean },
): readonly Row[] {
  const assets = world.estate.assets.filter((a) => cspOf(a) === of.csp);
  const looks = collections.between(of.csp, of.from, of.to);
  const rows = looks.flatMap((look) => assets.flatMap((asset) => resourceRow(world, asset, look)));
  const newest = looks.at(-1);
  if (of.malformed && of.csp === 'AWS' && newest) rows.push(...malformedRows(newest));
  return rows
    .map((row) => ({ row, key: hashText(JSON.stringify([row['urn'] ?? row['apiKey'], row['endTime']])) }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
}

function resourceRow(world: World, asset: SeededAsset, look: Collection): Row[] {
  const state = look.changed[asset.name] ?? 'present';
  const createdAt = (world.estate.seededAt - asset.createdDaysAgo * 86_400) * 1000;
  if (state === 'gone' || createdAt > look.endedAt) return [];
  const account = world.estate.accounts.find((a) => a.accountId === asset.accountId)?.name ?? asset.accountId;
  const type = typeOf(asset);
  return [
    {
      csp: look.csp,
      apiKey: `describe-${type}`,
      service: type.split(/[:/.]/)[0] ?? '',
      resourceType: type,
      resourceId: resourceIdOf(asset),
      resourceRegion: regionOf(asset),
      urn: urnOf(asset),
      cloudDetails: cloudDetails(asset, account),
      startTime: iso(look.startedAt),
      endTime: iso(look.endedAt),
      resourceTags: { ...asset.tags },
      resourceConfig: configurationOf(world, asset, state),
      status: { formatVersion: 5, props: null, status: 'success', errorMessage: null, errorType: null },
    },
  ];
}
