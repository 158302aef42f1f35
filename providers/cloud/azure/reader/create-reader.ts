import { type CloudReader, type Described, factsIn, joinDescribed } from '../../../../ports/cloud.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import { createKeptReads } from '../../shared/kept-reads.ts';
import { tryProbes } from '../../shared/probes.ts';
import type { AzureClients } from '../clients.ts';
import { lookUpHistory } from './creator.ts';
import { azureProbes } from './probes.ts';
import { describeAssets, readAfresh, type SharedReads } from './describe-assets.ts';

export interface AzureReaderOptions {
  /** Clients under the read-only identity. */
  readonly clients: AzureClients;
  /** How long one subscription's network cards and creation times serve the pages of a sweep. @default 60000 */
  readonly indexForMs?: number;
  readonly now?: () => number;
}

/** Reads Azure. `describe` is for sweeps; plans and their digests need `describeOne`. */
export function createAzureReader({ clients, indexForMs = 60_000, now = Date.now }: AzureReaderOptions): CloudReader {
  const kept = createKeptReads({ forMs: indexForMs, now });
  const shared = (subscriptionId: string): SharedReads => {
    const fresh = readAfresh(clients.reading(subscriptionId), subscriptionId);
    return {
      network: () => kept(`network/${subscriptionId}`, fresh.network),
      created: () => kept(`created/${subscriptionId}`, fresh.created),
    };
  };

  return {
    vendor: 'azure',
    async describe(assets) {
      const answers: Described[] = [];
      for (const [subscriptionId, own] of Map.groupBy(assets, (a) => a.accountId)) {
        const options = { detailed: false, shared: shared(subscriptionId) };
        answers.push(await describeAssets(clients.reading(subscriptionId), own, options));
      }
      return joinDescribed(answers);
    },
    describeOne: (asset) => describeFully(clients, asset),
    history: (asset) => lookUpHistory(clients.reading(asset.accountId), asset, now()),
    check: () =>
      tryProbes({
        vendor: 'azure',
        probes: azureProbes(clients, now()),
        grant:
          'give the identity the role Reader on the subscription, and register the resource provider that is named',
        unproved: ['Microsoft.Sql/locations/instanceFailoverGroups/read'],
      }),
  };
}

/** One asset with everything filled, everything read now; null when it is gone. Throws ProviderError. */
export async function describeFully(clients: AzureClients, asset: AssetRef): Promise<CloudFacts | null> {
  const session = clients.reading(asset.accountId);
  const shared = readAfresh(session, asset.accountId);
  return factsIn(await describeAssets(session, [asset], { detailed: true, shared }), asset);
}
