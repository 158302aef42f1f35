import type { SeededAsset } from '../estate/types.ts';
import { accountName, assetIdOf, cloudId, cloudOf, regionName, rrnOf, TYPES } from './catalogue.ts';
import { rawOf } from './raw.ts';
import type { Row } from './types.ts';
import type { World } from './world.ts';

/** One asset as a row of the inventory; `data` is the raw configuration. */
export function resourceRow(world: World, asset: SeededAsset): Row {
  const { estate } = world;
  const sight = world.sight(asset);
  const type = TYPES[asset.resourceType];
  return {
    id: cloudId(estate.seed, asset),
    name: asset.name,
    rrn: rrnOf(estate.seed, asset),
    assetId: assetIdOf(estate.seed, asset),
    accountId: asset.accountId,
    accountName: accountName(estate, asset.accountId),
    cloudType: cloudOf(asset),
    regionId: asset.region,
    regionName: regionName(asset.region),
    service: type?.service ?? '',
    resourceType: type?.resourceType ?? '',
    createdTs: (estate.seededAt - asset.createdDaysAgo * 86_400) * 1000,
    insertTs: sight.insertTs,
    deleted: sight.state === 'gone',
    riskGrade: 'B',
    stateId: assetIdOf(estate.seed, asset).slice(0, 12),
    hasNetwork: hasNetwork(asset),
    hasExternalFinding: asset.posture.findings.some((f) => f.kind === 'vulnerability'),
    tags: { '': '' },
    data: rawOf(estate, asset, sight.state),
  };
}

function hasNetwork(asset: SeededAsset): boolean {
  return asset.instance !== undefined || asset.loadBalancer !== undefined;
}

/** Rules of the network an asset is in; they stay when a machine is stopped. */
export function networkRules(asset: SeededAsset): Row[] {
  if (!hasNetwork(asset)) return [];
  const inside = {
    id: 'sg-inside',
    access: 'allow',
    direction: 'inbound',
    ips: '10.0.0.0/8',
    ports: '0-65535',
    protocol: 'tcp',
    priority: 100,
  };
  if (!asset.posture.internetExposed) return [inside];
  return [
    inside,
    { ...inside, id: 'sg-open', ips: '0.0.0.0/0', ports: asset.posture.openPorts.join(',') },
    { ...inside, id: 'sg-out', direction: 'outbound', ips: '0.0.0.0/0' },
  ];
}
