import { flattenConfiguration } from '../../../domain/attributes.ts';
import { regionOf } from '../../../domain/cloud-ids/index.ts';
import { providerOf } from '../../../domain/resource-kinds.ts';
import type { InventoryAsset, ResourceType } from '../../../schemas/asset.ts';
import type { InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { at, shown, textOf } from '../../rows.ts';
import { refOf } from './asset-key.ts';
import { ResourceRow } from './rows.ts';
import { stateOf } from './states.ts';
import { tagsOf } from './tags.ts';
import { vendorIdOf } from './vendor-id.ts';

export type RowResult =
  | { readonly kind: 'asset'; readonly asset: InventoryAsset }
  | { readonly kind: 'rejected'; readonly rejected: RejectedRow }
  /** Deleted, or of another region of an account that is read as a whole. */
  | { readonly kind: 'elsewhere' };

export interface RowContext {
  readonly query: Pick<InventoryQuery, 'accountId' | 'region'>;
  readonly type: ResourceType;
  /** True: the query named the region, so every row must be in it. */
  readonly oneRegion: boolean;
}

/** One inventory row, or why it cannot be used. */
export function readInventoryRow(node: unknown, { query, type, oneRegion }: RowContext): RowResult {
  const reject = (name: string, found: unknown, fix: string): RowResult => ({
    kind: 'rejected',
    rejected: { field: name, found: shown(found), fix, rowId: textOf(node, 'id') },
  });
  const parsed = ResourceRow.safeParse(node);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    return reject(path.join('.') || 'row', at(node, path), issue?.message ?? 'must be an object');
  }
  const row = parsed.data;
  if (row.deleted === true) return { kind: 'elsewhere' };
  if (row.accountId !== query.accountId)
    return reject('accountId', row.accountId, `must be ${query.accountId}, which was asked for`);
  const place = regionOf(providerOf(type), row.regionId || 'global');
  if (!place.ok) return reject('regionId', row.regionId, place.reason);
  const region = place.value;
  if (region !== query.region)
    return oneRegion
      ? reject('regionId', row.regionId, `must be ${query.region}; check cnapp.prisma.regionNames`)
      : { kind: 'elsewhere' };
  if (typeof row.data !== 'object' || row.data === null)
    return reject('data', row.data, 'must be the configuration of the resource: it says which resource this is');
  const tags = tagsOf(type, row);
  if (!tags.ok) return reject('tags', row.tags ?? at(row.data, ['tags']), tags.reason);
  const ref = refOf({ type, accountId: row.accountId, region, id: row.id, raw: row.data });
  if (ref === null || ref.accountId !== query.accountId)
    return reject('data', row.id, `must name a ${type} of account ${query.accountId}; check cnapp.prisma.apiNames`);
  return {
    kind: 'asset',
    asset: {
      ...ref,
      name: row.name,
      vendorId: vendorIdOf({ rrn: row.rrn, assetId: row.assetId ?? row.unifiedAssetId ?? null }),
      status: stateOf(type, row.data),
      createdAt: row.createdTs ?? null,
      lastSeenAt: row.insertTs ?? null,
      tags: tags.value,
      // A page of the inventory carries no posture; `posture` reads it asset by asset.
      internetExposed: null,
      adminPrivileges: null,
      sensitiveData: null,
      criticalIssues: null,
      highIssues: null,
      attributes: flattenConfiguration(row.data),
    },
  };
}
