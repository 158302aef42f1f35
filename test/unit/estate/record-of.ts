import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { MetricSeries } from '../../../schemas/metrics.ts';

const DAYS = 30;
const iso = (epoch: number): string => new Date(epoch * 1000).toISOString();

/** A seeded asset as the sweep would join it, without any server: ground truth in the shape the rules read. */
export function recordOf(estate: Estate, asset: SeededAsset): AssetRecord {
  const created = iso(estate.seededAt - asset.createdDaysAgo * 86_400);
  const { accountId, region, resourceType, resourceId, assetKey } = asset;
  const ref = { provider: 'aws' as const, accountId, region, resourceType, resourceId, assetKey };
  return {
    asset: { ...ref, name: asset.name, createdAt: created, tags: { ...asset.tags } },
    facts: { ...ref, tags: { ...asset.tags }, ...factsOf(estate, asset, created) } as CloudFacts,
    metrics: METRICS[resourceType]?.flatMap((m) => seriesOf(estate, asset, m)) ?? [],
    cost: null,
    posture: null,
    cmdb: asset.cmdb && {
      ciId: 'ci',
      resourceId,
      name: asset.name,
      environment: asset.environment,
      operationalStatus: null,
      openIncidents: [],
      ...asset.cmdb,
      dependents: [...asset.cmdb.dependents],
    },
    observedAt: iso(estate.seededAt),
  };
}

type Metric = readonly [metric: string, statistic: MetricSeries['statistic']];
const METRICS: Readonly<Record<string, readonly Metric[]>> = {
  'AWS::EC2::Instance': [
    ['CPUUtilization', 'Maximum'],
    ['NetworkIn', 'Sum'],
    ['NetworkOut', 'Sum'],
    ['mem_used_percent', 'Maximum'],
  ],
  'AWS::EC2::Volume': [
    ['VolumeReadOps', 'Sum'],
    ['VolumeWriteOps', 'Sum'],
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    ['RequestCount', 'Sum'],
    ['NewFlowCount', 'Sum'],
  ],
};

function seriesOf(estate: Estate, asset: SeededAsset, [metric, statistic]: Metric): MetricSeries[] {
  const startEpoch = estate.seededAt - DAYS * 86_400;
  const values = estate.metric(asset, {
    metric,
    statistic,
    startEpoch,
    endEpoch: estate.seededAt,
    periodSeconds: 3600,
    nowEpoch: estate.seededAt,
  });
  return [{ metric, statistic, unit: 'None', start: iso(startEpoch), periodSeconds: 3600, values }];
}

function factsOf(estate: Estate, asset: SeededAsset, created: string): Record<string, unknown> {
  const { instance, volume, address, loadBalancer } = asset;
  if (instance)
    return {
      state: instance.stopped ? 'stopped' : 'running',
      stoppedAt: instance.stopped ? iso(estate.seededAt - 60 * 86_400) : null,
      instanceType: instance.instanceType,
      launchTime: created,
      autoScalingGroup: instance.autoScalingGroup ?? null,
      managedBy: null,
      spot: false,
      volumes: [],
      targetGroupArns: [],
    };
  if (volume)
    return {
      state: volume.attachedTo ? 'in-use' : 'available',
      createTime: created,
      attachedInstanceIds: volume.attachedTo ? ['i-1'] : [],
      ...volume,
    };
  if (address)
    return {
      state: address.attachedTo ? 'associated' : 'unassociated',
      associationId: address.attachedTo ? 'eipassoc-1' : null,
      instanceId: null,
      networkInterfaceId: null,
    };
  return {
    state: 'active',
    loadBalancerType: loadBalancer?.type,
    registeredTargets: loadBalancer?.targets.length ?? 0,
    targetGroupArns: ['tg-1'],
    listenerArns: ['listener-1'],
  };
}
