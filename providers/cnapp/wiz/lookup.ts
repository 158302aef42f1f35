import { z } from 'zod';
import { assetKeyOf, spellingsOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { KnownAsset } from '../../../ports/cnapp.ts';
import type { WizClient } from './client.ts';
import { failure } from './errors.ts';
import { Instant } from './inventory-row.ts';
import { readPage } from './paging.ts';

const MOST = 50;
const Candidate = z.object({
  id: z.string().min(1),
  providerUniqueId: z.string(),
  deletedAt: Instant.catch(null),
  lastSeen: Instant.catch(null),
});

/**
 * Wiz's id of an asset: the one it is known by, or the one its asset key leads to. Azure and Google Cloud give a name to a new
 * resource again, so what still exists counts before what is deleted, and the last seen before the rest.
 */
export async function vendorIdOf(client: WizClient, asset: Pick<KnownAsset, 'vendorId' | 'assetKey'>): Promise<string> {
  if (asset.vendorId !== null) return asset.vendorId;
  const filter = { providerUniqueId: { equals: spellingsOf(asset.assetKey) }, includeDeleted: true };
  const page = readPage('lookup', await client.query('lookup', { filter, first: MOST }), 'cloudResourcesV2');
  if (page.nodes.length === 0) throw failure('lookup', Kind.NotFound, `no resource with key ${asset.assetKey}`);
  const candidates = page.nodes
    .flatMap((node) => Candidate.safeParse(node).data ?? [])
    .filter((row) => valueOf(assetKeyOf(row.providerUniqueId)) === asset.assetKey)
    .sort((a, b) => rank(b).localeCompare(rank(a)));
  const best = candidates[0];
  if (best === undefined || page.next !== null)
    throw failure(
      'lookup',
      Kind.Malformed,
      `found ${page.next === null ? 'only other resources' : `more than ${MOST} resources`} for ${asset.assetKey}; sweep again so that its id is read`,
    );
  return best.id;
}

const rank = (row: z.infer<typeof Candidate>): string => `${row.deletedAt ? 0 : 1}${row.lastSeen ?? ''}`;
