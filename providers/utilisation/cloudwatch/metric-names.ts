import type { ResourceType } from '../../../schemas/asset.ts';
import { ProviderError, ProviderErrorKind } from '../../errors.ts';
import type { MetricRequest } from '../port.ts';

interface MetricHome {
  readonly namespace: string;
  readonly dimension: string;
  readonly units: Readonly<Record<string, string>>;
}

const INSTANCE: MetricHome = {
  namespace: 'AWS/EC2',
  dimension: 'InstanceId',
  units: {
    CPUUtilization: 'Percent',
    NetworkIn: 'Bytes',
    NetworkOut: 'Bytes',
    NetworkPacketsIn: 'Count',
    NetworkPacketsOut: 'Count',
    StatusCheckFailed: 'Count',
  },
};
const AGENT: MetricHome = { namespace: 'CWAgent', dimension: 'InstanceId', units: { mem_used_percent: 'Percent' } };
const VOLUME: MetricHome = {
  namespace: 'AWS/EBS',
  dimension: 'VolumeId',
  units: { VolumeReadOps: 'Count', VolumeWriteOps: 'Count', VolumeReadBytes: 'Bytes', VolumeWriteBytes: 'Bytes' },
};
const LOAD_BALANCER_UNITS = {
  RequestCount: 'Count',
  NewConnectionCount: 'Count',
  ActiveConnectionCount: 'Count',
  NewFlowCount: 'Count',
  ActiveFlowCount: 'Count',
  ProcessedBytes: 'Bytes',
};
const APPLICATION_LB: MetricHome = {
  namespace: 'AWS/ApplicationELB',
  dimension: 'LoadBalancer',
  units: LOAD_BALANCER_UNITS,
};
const NETWORK_LB: MetricHome = { namespace: 'AWS/NetworkELB', dimension: 'LoadBalancer', units: LOAD_BALANCER_UNITS };

/** Where CloudWatch keeps one metric of one asset. */
export interface MetricAddress {
  readonly namespace: string;
  readonly dimension: { readonly Name: string; readonly Value: string };
  readonly unit: string;
}

/** The one table from resource type and metric name to namespace, dimension and unit. Throws a terminal ProviderError. */
export function metricAddress({ asset, metric }: MetricRequest): MetricAddress {
  const home = homeOf(asset.resourceType, asset.assetKey, metric);
  const unit = home?.units[metric];
  if (home && unit) {
    return { namespace: home.namespace, dimension: { Name: home.dimension, Value: dimensionValue(asset) }, unit };
  }
  throw new ProviderError({
    kind: ProviderErrorKind.Terminal,
    provider: 'cloudwatch',
    operation: 'GetMetricData',
    message: `${asset.resourceType} has no metric ${metric}; add it to metric-names.ts or change the rule`,
  });
}

function homeOf(type: ResourceType, assetKey: string, metric: string): MetricHome | null {
  switch (type) {
    case 'AWS::EC2::Instance':
      return metric in AGENT.units ? AGENT : INSTANCE;
    case 'AWS::EC2::Volume':
      return VOLUME;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return assetKey.includes(':loadbalancer/net/') ? NETWORK_LB : APPLICATION_LB;
    case 'AWS::EC2::EIP':
      return null;
  }
}

/** Load balancers are named `app/<name>/<id>`, the tail of their ARN. */
function dimensionValue(asset: MetricRequest['asset']): string {
  return asset.resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer'
    ? asset.assetKey.slice(asset.assetKey.indexOf(':loadbalancer/') + ':loadbalancer/'.length)
    : asset.resourceId;
}
