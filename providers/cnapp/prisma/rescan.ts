import { z } from 'zod';
import { kindOf } from '../../../domain/resource-kinds.ts';
import { AssetRef } from '../../../schemas/asset.ts';
import { isProviderError, ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset, RescanStatus } from '../../../ports/cnapp.ts';
import { readAlerts } from './alerts.ts';
import type { PrismaParts } from './context.ts';
import { failure } from './errors.ts';
import { readResource } from './resource.ts';
import type { ResourceRow } from './rows.ts';
import { statusId } from './words.ts';
import { readHost } from './workloads.ts';

const PREFIX = 'since.';
const Request = z.object({ since: z.iso.datetime(), asset: AssetRef.extend({ vendorId: z.string().nullable() }) });

/**
 * The platform takes configuration in on its own and has no rescan of one resource. The id holds the asset and the
 * moment since when newer data is waited for. Virtual machines are scanned by Compute as well, where that is configured.
 */
export async function requestRescan(parts: PrismaParts, asset: KnownAsset): Promise<{ rescanId: string }> {
  // Before anything is asked, so that data that comes in meanwhile counts as newer.
  const since = new Date(parts.clock()).toISOString();
  const { vendorId } = await readResource(parts, asset);
  if (parts.config.agentlessScan && parts.compute && kindOf(asset.resourceType) === 'instance')
    await parts.compute.post('agentless-scan', '/agentless/scan');
  const request = Request.parse({ since, asset: { ...asset, vendorId } });
  return { rescanId: PREFIX + Buffer.from(JSON.stringify(request)).toString('base64url') };
}

/**
 * `succeeded` once the platform's own data is newer than the request: the asset is deleted, its configuration was taken
 * in again, an alert of it was resolved, or Compute scanned it. Until then `running`; the caller has the deadline.
 */
export async function rescanStatus(parts: PrismaParts, rescanId: string): Promise<RescanStatus> {
  const { since, asset } = readRescanId(rescanId);
  const row = await rowOf(parts, asset);
  if (row === null) return 'running';
  if (row.deleted === true || isNewer(row.insertTs, since)) return 'succeeded';
  const filters = { 'resource.id': row.id, 'cloud.accountId': row.accountId, 'alert.status': 'resolved' };
  const { rows: resolved } = await readAlerts(parts.cspm, filters, parts.maxPages);
  // A new policy moves `lastUpdated` of open alerts as well, which says nothing of the asset.
  if (resolved.some((alert) => statusId(alert.status) === 4 && isNewer(alert.lastUpdated, since))) return 'succeeded';
  if (parts.compute === null || kindOf(asset.resourceType) !== 'instance') return 'running';
  const host = await readHost(parts.compute, { accountId: row.accountId, id: row.id });
  return isNewer(host?.scanTime, since) ? 'succeeded' : 'running';
}

/** Null: the platform no longer lists it, not even as deleted. That may be a lost permission as well, so it proves nothing. */
async function rowOf(parts: PrismaParts, asset: KnownAsset): Promise<ResourceRow | null> {
  try {
    return (await readResource(parts, asset)).row;
  } catch (error) {
    if (isProviderError(error, 'not-found')) return null;
    throw error;
  }
}

function isNewer(moment: string | null | undefined, since: string): boolean {
  return moment !== null && moment !== undefined && Date.parse(moment) >= Date.parse(since);
}

function readRescanId(rescanId: string): z.infer<typeof Request> {
  try {
    if (!rescanId.startsWith(PREFIX)) throw new Error('prefix');
    const text = Buffer.from(rescanId.slice(PREFIX.length), 'base64url').toString();
    return Request.parse(JSON.parse(text));
  } catch (cause) {
    throw Object.assign(failure('rescan', Kind.NotFound, 'the rescan id is not one this client gave out'), { cause });
  }
}
