import { z } from 'zod';
import { assetOf } from '../../../domain/cloud-ids/index.ts';
import type { InventoryAsset } from '../../../schemas/asset.ts';
import type { InventoryQuery } from '../../../ports/cnapp.ts';
import type { RejectedRow } from '../../../ports/rows.ts';
import { at, shown, textOf } from '../../rows.ts';
import { Tags } from '../../tags.ts';

const ISO_FIX = 'must be an ISO-8601 instant, or absent';
/** Instants may carry an offset or nanoseconds; ours are UTC milliseconds. */
export const Instant = z.iso
  .datetime({ offset: true, error: ISO_FIX })
  .transform((text) => new Date(text).toISOString())
  .nullish();
const Flag = z.boolean({ error: 'must be true or false, or absent' }).nullish();
const Count = z.number().int().nonnegative().nullish();

export const ResourceRow = z.object({
  id: z.string().min(1),
  name: z.string({ error: 'must be text' }),
  providerUniqueId: z.string({ error: 'must be the ARN; Wiz has none for this row: check its connector' }),
  status: z.string().nullish(),
  createdAt: Instant,
  deletedAt: Instant,
  firstSeen: Instant,
  lastSeen: Instant,
  isAccessibleFromInternet: Flag,
  isOpenToAllInternet: Flag,
  hasAdminPrivileges: Flag,
  hasSensitiveData: Flag,
  hasAccessToSensitiveData: Flag,
  tags: Tags,
  graphEntity: z.object({ id: z.string().min(1) }).nullish(),
  issueAnalytics: z.object({ criticalSeverityCount: Count, highSeverityCount: Count }).nullish(),
});
export type ResourceRow = z.infer<typeof ResourceRow>;

export type RowResult =
  | { readonly ok: true; readonly asset: InventoryAsset }
  | { readonly ok: false; readonly rejected: RejectedRow };

/** One inventory row, or why it cannot be used. */
export function readInventoryRow(
  node: unknown,
  query: Pick<InventoryQuery, 'accountId' | 'region' | 'resourceTypes'>,
): RowResult {
  const rowId = textOf(node, 'id');
  const reject = (field: string, found: unknown, fix: string): RowResult => ({
    ok: false,
    rejected: { field, found: shown(found), fix, rowId },
  });
  const parsed = ResourceRow.safeParse(node);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path ?? [];
    return reject(path.join('.') || 'row', at(node, path), issue?.message ?? 'must be an object');
  }
  const row = parsed.data;
  const asset = assetOf(row.providerUniqueId, query);
  if (!asset.ok) return reject('providerUniqueId', row.providerUniqueId, asset.reason);
  const ref = asset.value;
  if (
    ref.accountId !== query.accountId ||
    ref.region !== query.region ||
    !query.resourceTypes.includes(ref.resourceType)
  )
    return reject(
      'providerUniqueId',
      row.providerUniqueId,
      `must be in ${query.accountId} ${query.region} and of a type that was asked for`,
    );
  return {
    ok: true,
    asset: {
      ...ref,
      name: row.name,
      vendorId: row.id,
      status: statusOf(row.status),
      // Where the cloud keeps no creation time, the first sighting is the least age the asset can have.
      createdAt: row.createdAt ?? row.firstSeen ?? null,
      lastSeenAt: row.lastSeen ?? null,
      tags: row.tags,
      internetExposed: anyOf(row.isAccessibleFromInternet, row.isOpenToAllInternet),
      adminPrivileges: row.hasAdminPrivileges ?? null,
      sensitiveData: anyOf(row.hasSensitiveData, row.hasAccessToSensitiveData),
      criticalIssues: row.issueAnalytics?.criticalSeverityCount ?? null,
      highIssues: row.issueAnalytics?.highSeverityCount ?? null,
    },
  };
}

/** True when any says yes; "no" needs at least one answer. */
export function anyOf(...flags: readonly (boolean | null | undefined)[]): boolean | null {
  if (flags.includes(true)) return true;
  return flags.includes(false) ? false : null;
}

function statusOf(status: string | null | undefined): InventoryAsset['status'] {
  switch (status) {
    case 'Active':
      return 'active';
    case 'Inactive':
      return 'inactive';
    case 'Error':
      return 'error';
    default:
      return 'unknown';
  }
}
