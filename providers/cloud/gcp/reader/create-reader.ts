import { type CloudReader, type Described, factsIn, joinDescribed } from '../../../../ports/cloud.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import { createKeptReads } from '../../shared/kept-reads.ts';
import { tryProbes } from '../../shared/probes.ts';
import type { GcpClients } from '../clients.ts';
import { lookUpHistory } from './creator.ts';
import { gcpProbes } from './probes.ts';
import { describeAssets, listsOf, type ProjectLists } from './describe-assets.ts';

export interface GcpReaderOptions {
  /** Clients under the read-only identity. */
  readonly clients: GcpClients;
  /** How long one project's lists serve the pages of a sweep. @default 15000 */
  readonly indexForMs?: number;
  readonly now?: () => number;
}

/** Reads Google Cloud. `describe` is for sweeps; plans and their digests need `describeOne`. */
export function createGcpReader({ clients, indexForMs = 15_000, now = Date.now }: GcpReaderOptions): CloudReader {
  const kept = createKeptReads({ forMs: indexForMs, now });
  const shared = (projectId: string): ProjectLists => {
    const fresh = listsOf(clients.reading(projectId), projectId);
    return {
      instances: () => kept(`instances/${projectId}`, fresh.instances),
      disks: () => kept(`disks/${projectId}`, fresh.disks),
      addresses: () => kept(`addresses/${projectId}`, fresh.addresses),
      databases: () => kept(`databases/${projectId}`, fresh.databases),
      referrers: (zone) => kept(`referrers/${projectId}/${zone}`, () => fresh.referrers(zone)),
    };
  };

  return {
    vendor: 'gcp',
    async describe(assets) {
      const answers: Described[] = [];
      for (const [projectId, own] of Map.groupBy(assets, (a) => a.accountId))
        answers.push(await describeAssets(clients.reading(projectId), own, shared(projectId)));
      return joinDescribed(answers);
    },
    describeOne: (asset) => describeFully(clients, asset),
    history: (asset) => lookUpHistory(clients.reading(asset.accountId), asset, now()),
    check: () =>
      tryProbes({
        vendor: 'gcp',
        probes: gcpProbes(clients),
        grant: 'give the service account these permissions on the project, and switch on the API that is named',
        unproved: [],
      }),
  };
}

/** One asset, everything read now; null when it is gone. Throws ProviderError. */
export async function describeFully(clients: GcpClients, asset: AssetRef): Promise<CloudFacts | null> {
  const session = clients.reading(asset.accountId);
  return factsIn(await describeAssets(session, [asset], listsOf(session, asset.accountId)), asset);
}
