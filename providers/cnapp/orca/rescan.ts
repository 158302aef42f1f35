import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset, RescanStatus } from '../../../ports/cnapp.ts';
import { getAsset, vendorIdOf } from './asset.ts';
import type { Context } from './context.ts';
import { failure, Refusal } from './errors.ts';

const SCAN = 'start scans of assets and read their status';
const Started = z.object({ scan_unique_id: z.string().min(1) });
const Running = z.object({ scan_id: z.string().min(1) });
const Status = z.object({ status: z.string() });

/**
 * Starts a scan of one asset, or adopts the one that runs already. Orca scans machines; for what it cannot scan, the id
 * says since when newer data is waited for, as its own discovery reads everything again by and by.
 */
export async function requestRescan(context: Context, asset: KnownAsset): Promise<{ rescanId: string }> {
  const vendorId = await vendorIdOf(context, asset);
  const operation = 'scan';
  try {
    const body = await context.client.call({
      operation,
      method: 'POST',
      path: `/api/scan/asset/${encodeURIComponent(vendorId)}`,
      needs: SCAN,
    });
    const started = Started.safeParse(body);
    if (!started.success)
      throw failure(operation, Kind.Malformed, 'scan_unique_id is missing: the scan cannot be followed');
    return { rescanId: `scan:${started.data.scan_unique_id}` };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const running = Running.safeParse(error.body);
    if (running.success && /already running/i.test(error.text)) return { rescanId: `scan:${running.data.scan_id}` };
    if (error.kind !== Kind.Terminal && error.kind !== Kind.NotFound) throw error;
    await getAsset(context, vendorId);
    return { rescanId: `since:${context.clock()}:${vendorId}` };
  }
}

export async function rescanStatus(context: Context, rescanId: string): Promise<RescanStatus> {
  const since = /^since:(\d+):(.+)$/.exec(rescanId);
  if (since) return seenSince(context, Number(since[1]), since[2] as string);
  const operation = 'scan-status';
  const scan = /^scan:(.+)$/.exec(rescanId)?.[1];
  if (scan === undefined) throw failure(operation, Kind.NotFound, `no scan ${rescanId}`);
  const body = await context.client.call({
    operation,
    method: 'GET',
    path: `/api/scan/status/${encodeURIComponent(scan)}`,
    needs: SCAN,
  });
  const parsed = Status.safeParse(body);
  if (!parsed.success) throw failure(operation, Kind.Malformed, 'status is missing: it must be text');
  return statusOf(parsed.data.status);
}

/** Only the end is documented: `done`. A word that is not known means that the scan still runs; the caller has a deadline. */
function statusOf(word: string): RescanStatus {
  if (word === 'done') return 'succeeded';
  if (/fail|error/i.test(word)) return 'failed';
  return word === 'pending' ? 'pending' : 'running';
}

/** Done when Orca itself has looked at the asset again, or does not have it any more. */
async function seenSince(context: Context, since: number, vendorId: string): Promise<RescanStatus> {
  try {
    const found = await getAsset(context, vendorId);
    if (found.state?.toLowerCase() === 'deleted') return 'succeeded';
    return found.lastSeenAt !== null && Date.parse(found.lastSeenAt) > since ? 'succeeded' : 'running';
  } catch (error) {
    if (error instanceof Refusal && error.kind === Kind.NotFound) return 'succeeded';
    throw error;
  }
}
