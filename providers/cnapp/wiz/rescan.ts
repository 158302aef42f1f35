import { z } from 'zod';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset, RescanStatus } from '../../../ports/cnapp.ts';
import type { WizClient } from './client.ts';
import { failure } from './errors.ts';
import { vendorIdOf } from './lookup.ts';
import { WIZ_TYPE } from './resource-types.ts';

const Requested = z.object({ systemActivityId: z.string().min(1) });
const WithEntity = z.object({ graphEntity: z.object({ id: z.string().min(1) }).nullish() });
const Activity = z.object({ status: z.string() });

export async function requestRescan(
  client: WizClient,
  asset: Pick<KnownAsset, 'vendorId' | 'assetKey' | 'resourceType'>,
): Promise<{ rescanId: string }> {
  const type = WIZ_TYPE[asset.resourceType];
  if (type === undefined) throw failure('requestScan', Kind.NotFound, `Wiz has no scan type for ${asset.resourceType}`);
  const input = { id: await entityIdOf(client, await vendorIdOf(client, asset)), type };
  const data = await client.query('requestScan', { input });
  const parsed = Requested.safeParse(data['requestConnectorEntityScan']);
  if (!parsed.success)
    throw failure('requestScan', Kind.Malformed, 'systemActivityId is missing: the scan cannot be followed');
  return { rescanId: parsed.data.systemActivityId };
}

/** A scan is asked for by the entity of the graph, which need not have the id of the resource. */
async function entityIdOf(client: WizClient, id: string): Promise<string> {
  const data = await client.query('entity', { id });
  return WithEntity.safeParse(data['cloudResourceV2']).data?.graphEntity?.id ?? id;
}

export async function rescanStatus(client: WizClient, rescanId: string): Promise<RescanStatus> {
  const data = await client.query('scanStatus', { id: rescanId });
  const node = data['systemActivity'];
  if (node === null || node === undefined) throw failure('scanStatus', Kind.NotFound, `no activity ${rescanId}`);
  const parsed = Activity.safeParse(node);
  const status = parsed.success ? STATUS[parsed.data.status] : undefined;
  if (!status)
    throw failure(
      'scanStatus',
      Kind.Malformed,
      `systemActivity.status is ${parsed.success ? `"${parsed.data.status}"` : 'missing'}: it must be one of ${Object.keys(STATUS).join(', ')}`,
    );
  return status;
}

/** A scan that was skipped or timed out looked at nothing: it is not a success. */
const STATUS: Readonly<Record<string, RescanStatus>> = {
  PENDING: 'pending',
  IN_PROGRESS: 'running',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  SKIPPED: 'skipped',
  TIMED_OUT: 'timed-out',
};
