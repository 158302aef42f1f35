import { AZURE_METRICS, type CatalogueMetric, GCP_METRICS } from '../../../config/rules/metrics.ts';
import { kindOf, providerOf } from '../../../domain/resource-kinds.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';

const DAYS = 30;
const iso = (epoch: number): string => new Date(epoch * 1000).toISOString();

/** A seeded asset as the sweep would join it, without any server: ground truth in the shape the rules read. */
export function recordOf(estate: Estate, asset: SeededAsset): AssetRecord {
  const created = iso(estate.seededAt - asset.createdDaysAgo * 86_400);
  const { accountId, region, resourceType, resourceId, assetKey } = asset;
  const ref = { provider: providerOf(resourceType), accountId, region, resourceType, resourceId, assetKey };
  return {
    asset: { ...ref, name: asset.name, createdAt: created, tags: { ...asset.tags } },
    facts: {
      ...ref,
      kind: kindOf(resourceType),
      tags: { ...asset.tags },
      ...factsOf(estate, asset, created),
    } as CloudFacts,
    metrics: metricsOf(resourceType).flatMap((m) => seriesOf(estate, asset, m)),
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
const AWS_METRICS: Readonly<Record<string, readonly Metric[]>> = {
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
    ['ActiveConnectionCount', 'Maximum'],
    ['ActiveFlowCount', 'Maximum'],
    ['ProcessedBytes', 'Sum'],
  ],
  'AWS::RDS::DBInstance': [
    ['DatabaseConnections', 'Maximum'],
    ['CPUUtilization', 'Maximum'],
  ],
};
const ELSEWHERE: Readonly<Record<string, Readonly<Record<string, CatalogueMetric>>>> = {
  ...AZURE_METRICS,
  ...GCP_METRICS,
};

function metricsOf(type: ResourceType): readonly Metric[] {
  const listed = Object.entries(ELSEWHERE[type] ?? {});
  return AWS_METRICS[type] ?? listed.map(([metric, { statistic }]) => [metric, statistic]);
}

function seriesOf(estate: Estate, asset: SeededAsset, [metric, statistic]: Metric): MetricSeries[] {
  const startEpoch = estate.seededAt - DAYS * 86_400;
  const values = estate.metric(asset, {
    metric,
    // The estate knows one figure an hour. Of what is left that is the least, as it is the peak of what is used.
    statistic: statistic === 'Minimum' ? 'Maximum' : statistic,
    startEpoch,
    endEpoch: estate.seededAt,
    periodSeconds: 3600,
    nowEpoch: estate.seededAt,
  });
  return [{ metric, statistic, unit: 'None', start: iso(startEpoch), periodSeconds: 3600, values }];
}

function factsOf(estate: Estate, asset: SeededAsset, created: string): Record<string, unknown> {
  const { instance, volume, address, loadBalancer, database } = asset;
  const provider = providerOf(asset.resourceType);
  if (instance)
    return {
      state: instance.stopped ? 'stopped' : 'running',
      // Azure does not say since when a machine is stopped.
      stoppedAt: instance.stopped && provider !== 'azure' ? iso(estate.seededAt - 60 * 86_400) : null,
      instanceType: instance.instanceType,
      architecture: null,
      launchTime: created,
      scalingGroup: instance.scalingGroup ?? null,
      managedBy: null,
      spot: false,
      volumes: [],
      backendGroupIds: [],
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
  if (database)
    return {
      state: 'available',
      engine: database.engine,
      instanceClass: database.instanceClass,
      storageGiB: database.storageGiB,
      createTime: created,
      replicaOf: null,
      replicas: [],
      clusterId: null,
    };
  return {
    state: 'active',
    loadBalancerType: provider === 'azure' ? 'network' : loadBalancer?.type,
    registeredTargets: loadBalancer?.targets.length ?? 0,
    backendGroupIds: ['tg-1'],
    listenerIds: ['listener-1'],
  };
}
