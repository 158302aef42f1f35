import type { ResourceType } from '../../../schemas/asset.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { MetricRequest } from '../../../ports/utilisation.ts';
import { dimensionValue } from './dimension-value.ts';

interface MetricHome {
  readonly namespace: string;
  readonly dimension: string;
  readonly units: Readonly<Record<string, string>>;
}

const MACHINES = {
  CPUUtilization: 'Percent',
  NetworkIn: 'Bytes',
  NetworkOut: 'Bytes',
  NetworkPacketsIn: 'Count',
  NetworkPacketsOut: 'Count',
  StatusCheckFailed: 'Count',
};
const INSTANCE: MetricHome = { namespace: 'AWS/EC2', dimension: 'InstanceId', units: MACHINES };
/** By instance alone: the agent must be told to aggregate over it (`aggregation_dimensions`), or there is no series. */
const AGENT: MetricHome = {
  namespace: 'CWAgent',
  dimension: 'InstanceId',
  units: { mem_used_percent: 'Percent', nvidia_smi_utilization_gpu: 'Percent' },
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

/** Types whose metrics all live in one place, under one dimension that the asset's own name fills. */
const HOMES: Partial<Record<ResourceType, MetricHome>> = {
  'AWS::EC2::Volume': {
    namespace: 'AWS/EBS',
    dimension: 'VolumeId',
    units: { VolumeReadOps: 'Count', VolumeWriteOps: 'Count', VolumeReadBytes: 'Bytes', VolumeWriteBytes: 'Bytes' },
  },
  'AWS::RDS::DBInstance': {
    namespace: 'AWS/RDS',
    dimension: 'DBInstanceIdentifier',
    units: {
      DatabaseConnections: 'Count',
      CPUUtilization: 'Percent',
      ReadIOPS: 'Count/Second',
      WriteIOPS: 'Count/Second',
    },
  },
  'AWS::AutoScaling::AutoScalingGroup': { namespace: 'AWS/EC2', dimension: 'AutoScalingGroupName', units: MACHINES },
  'AWS::DocDB::DBCluster': {
    namespace: 'AWS/DocDB',
    dimension: 'DBClusterIdentifier',
    units: { DatabaseConnections: 'Count', CPUUtilization: 'Percent' },
  },
  'AWS::DynamoDB::Table': {
    namespace: 'AWS/DynamoDB',
    dimension: 'TableName',
    units: { ConsumedReadCapacityUnits: 'Count', ConsumedWriteCapacityUnits: 'Count' },
  },
  'AWS::EC2::NatGateway': {
    namespace: 'AWS/NATGateway',
    dimension: 'NatGatewayId',
    units: { BytesOutToDestination: 'Bytes', BytesOutToSource: 'Bytes', ActiveConnectionCount: 'Count' },
  },
  'AWS::ElastiCache::CacheCluster': {
    namespace: 'AWS/ElastiCache',
    dimension: 'CacheClusterId',
    units: { CacheHits: 'Count', CurrConnections: 'Count', CPUUtilization: 'Percent' },
  },
  'AWS::ElasticLoadBalancing::LoadBalancer': {
    namespace: 'AWS/ELB',
    dimension: 'LoadBalancerName',
    units: { RequestCount: 'Count', HealthyHostCount: 'Count' },
  },
  'AWS::EMR::Cluster': {
    namespace: 'AWS/ElasticMapReduce',
    dimension: 'JobFlowId',
    units: { AppsRunning: 'Count', IsIdle: 'None' },
  },
  'AWS::Kinesis::Stream': {
    namespace: 'AWS/Kinesis',
    dimension: 'StreamName',
    units: { IncomingRecords: 'Count', 'GetRecords.Records': 'Count' },
  },
  'AWS::Lambda::Function': { namespace: 'AWS/Lambda', dimension: 'FunctionName', units: { Invocations: 'Count' } },
  'AWS::Redshift::Cluster': {
    namespace: 'AWS/Redshift',
    dimension: 'ClusterIdentifier',
    units: { DatabaseConnections: 'Count', CPUUtilization: 'Percent' },
  },
  'AWS::WorkSpaces::Workspace': {
    namespace: 'AWS/WorkSpaces',
    dimension: 'WorkspaceId',
    units: { UserConnected: 'Count' },
  },
};

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
  if (type === 'AWS::EC2::Instance') return metric in AGENT.units ? AGENT : INSTANCE;
  if (type === 'AWS::ElasticLoadBalancingV2::LoadBalancer')
    return assetKey.includes(':loadbalancer/net/') ? NETWORK_LB : APPLICATION_LB;
  return HOMES[type] ?? null;
}
