import { type CloudReader, type Described, factsIn, joinDescribed } from '../../../../ports/cloud.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import { tryProbes } from '../../shared/probes.ts';
import type { AwsClients, RegionalClients } from '../clients.ts';
import { withFreshSession } from '../fresh-session.ts';
import { lookUpHistory } from './creator.ts';
import { describeAssets } from './describe-assets.ts';
import { awsProbes } from './probes.ts';
import { type RegionIndex, readRegionIndex } from './region-index.ts';

export interface AwsReaderOptions {
  /** Clients under the read-only identity. */
  readonly clients: AwsClients;
  readonly accounts: readonly { readonly accountId: string; readonly regions: readonly string[] }[];
  /** How long one region's addresses and target groups serve the pages of a sweep. @default 60000 */
  readonly indexForMs?: number;
  readonly now?: () => number;
}

/** Reads AWS. `describe` is for sweeps; plans and their digests need `describeOne`. */
export function createAwsReader(options: AwsReaderOptions): CloudReader & Required<Pick<CloudReader, 'describeOne'>> {
  const { clients, accounts, indexForMs = 60_000, now = Date.now } = options;
  const indexes = new Map<string, { until: number; index: Promise<RegionIndex> }>();

  const sharedIndex = (accountId: string, region: string): Promise<RegionIndex> => {
    const key = `${accountId}/${region}`;
    const held = indexes.get(key);
    if (held && held.until > now()) return held.index;
    const index = readRegionIndex(clients.clientsFor({ accountId, region }));
    indexes.set(key, { until: now() + indexForMs, index });
    index.catch(() => indexes.delete(key));
    return index;
  };

  return {
    vendor: 'aws',
    async describe(assets) {
      const answers: Described[] = [];
      for (const group of byPlace(assets)) {
        const first = group[0] as AssetRef;
        const answer = await withFreshSession(clients, first, (read) =>
          describeAssets(read, group, {
            detailed: false,
            index: () => sharedIndex(first.accountId, first.region),
          }),
        );
        answers.push(answer);
      }
      return joinDescribed(answers);
    },
    async describeOne(asset) {
      const read = (session: RegionalClients) => describeAssets(session, [asset], { detailed: true });
      return factsIn(await withFreshSession(clients, asset, read), asset);
    },
    history: (asset) => withFreshSession(clients, asset, (read) => lookUpHistory(read.cloudTrail, asset)),
    check: () =>
      tryProbes({
        vendor: 'aws',
        probes: awsProbes(clients, accounts),
        grant: 'allow these actions to the read role, and switch the region on or take it out of the configuration',
        unproved: [],
      }),
  };
}

function byPlace(assets: readonly AssetRef[]): AssetRef[][] {
  const groups = new Map<string, AssetRef[]>();
  for (const asset of assets) {
    const key = `${asset.accountId}/${asset.region}`;
    groups.set(key, [...(groups.get(key) ?? []), asset]);
  }
  return [...groups.values()];
}
