import type { AssetRef } from '../schemas/asset.ts';
import type { ResourceType } from '../schemas/resource-type.ts';

const ARN = /^arn:aws(?:-[a-z-]+)?:(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]*):(?<account>\d{12}|):(?<rest>[^\s]+)$/;
const AZURE = /^\/subscriptions\/(?<account>[0-9a-f-]{36})\/resourcegroups\/[^/]+\/providers\/(?<rest>[^\s]+)$/;
const GOOGLE =
  /^\/\/(?<service>[a-z]+\.googleapis\.com)\/projects\/(?<account>[a-z][a-z0-9-]{4,28}[a-z0-9])\/(?<rest>[^\s]+)$/;

/** `<service>:<kind>` of an ARN → type. RDS and load balancers name their kind before a colon or slash alike. */
const AWS_TYPES: Readonly<Record<string, ResourceType>> = {
  'ec2:instance': 'AWS::EC2::Instance',
  'ec2:volume': 'AWS::EC2::Volume',
  'ec2:elastic-ip': 'AWS::EC2::EIP',
  'ec2:image': 'AWS::EC2::Image',
  'ec2:natgateway': 'AWS::EC2::NatGateway',
  'ec2:snapshot': 'AWS::EC2::Snapshot',
  'ec2:vpc-endpoint': 'AWS::EC2::VPCEndpoint',
  'autoscaling:autoScalingGroup': 'AWS::AutoScaling::AutoScalingGroup',
  'cloudfront:distribution': 'AWS::CloudFront::Distribution',
  'cloudtrail:trail': 'AWS::CloudTrail::Trail',
  'dynamodb:table': 'AWS::DynamoDB::Table',
  'ecr:repository': 'AWS::ECR::Repository',
  'ecs:service': 'AWS::ECS::Service',
  'elasticache:cluster': 'AWS::ElastiCache::CacheCluster',
  'elasticmapreduce:cluster': 'AWS::EMR::Cluster',
  'kinesis:stream': 'AWS::Kinesis::Stream',
  'lambda:function': 'AWS::Lambda::Function',
  'logs:log-group': 'AWS::Logs::LogGroup',
  'rds:db': 'AWS::RDS::DBInstance',
  'rds:snapshot': 'AWS::RDS::DBSnapshot',
  'rds:cluster': 'AWS::DocDB::DBCluster',
  'redshift:cluster': 'AWS::Redshift::Cluster',
  'route53:healthcheck': 'AWS::Route53::HealthCheck',
  'sagemaker:endpoint': 'AWS::SageMaker::Endpoint',
  'secretsmanager:secret': 'AWS::SecretsManager::Secret',
  'workspaces:workspace': 'AWS::WorkSpaces::Workspace',
};

const AZURE_TYPES: readonly ResourceType[] = [
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/disks',
  'Microsoft.Network/publicIPAddresses',
  'Microsoft.Network/loadBalancers',
  'Microsoft.Sql/managedInstances',
  'Microsoft.Compute/images',
  'Microsoft.Compute/snapshots',
  'Microsoft.Compute/virtualMachineScaleSets',
  'Microsoft.ContainerService/managedClusters',
  'Microsoft.DBforMySQL/flexibleServers',
  'Microsoft.DBforPostgreSQL/flexibleServers',
  'Microsoft.Network/applicationGateways',
  'Microsoft.Network/azureFirewalls',
  'Microsoft.Network/natGateways',
  'Microsoft.Network/networkInterfaces',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Network/virtualNetworkGateways',
  'Microsoft.Sql/servers/databases',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Web/serverfarms',
];
const AZURE_BY_NAME: ReadonlyMap<string, ResourceType> = new Map(AZURE_TYPES.map((t) => [t.toLowerCase(), t]));

/** `<service>/<collection>` of a full resource name → type. */
const GOOGLE_TYPES: Readonly<Record<string, ResourceType>> = {
  'compute.googleapis.com/instances': 'compute.googleapis.com/Instance',
  'compute.googleapis.com/disks': 'compute.googleapis.com/Disk',
  'compute.googleapis.com/addresses': 'compute.googleapis.com/Address',
  'compute.googleapis.com/forwardingRules': 'compute.googleapis.com/ForwardingRule',
  'compute.googleapis.com/images': 'compute.googleapis.com/Image',
  'compute.googleapis.com/snapshots': 'compute.googleapis.com/Snapshot',
  'compute.googleapis.com/vpnGateways': 'compute.googleapis.com/VpnGateway',
  'cloudsql.googleapis.com/instances': 'sqladmin.googleapis.com/Instance',
  'sqladmin.googleapis.com/instances': 'sqladmin.googleapis.com/Instance',
  'aiplatform.googleapis.com/endpoints': 'aiplatform.googleapis.com/Endpoint',
  'bigquery.googleapis.com/tables': 'bigquery.googleapis.com/Table',
  'container.googleapis.com/clusters': 'container.googleapis.com/Cluster',
  'redis.googleapis.com/instances': 'redis.googleapis.com/Instance',
  'run.googleapis.com/services': 'run.googleapis.com/Service',
};

/**
 * What an asset key says of the asset: type, account, region and id. Null when it is no key we know. Azure names no region
 * in a resource id and Google Cloud none for regional instances of Cloud SQL, so `region` comes from the caller there.
 */
export function refOfAssetKey(key: string, regionHint = 'global'): AssetRef | null {
  if (key.startsWith('arn:')) return refOfArn(key);
  if (key.startsWith('//')) return refOfGoogle(key, regionHint);
  return key.startsWith('/') ? refOfAzure(key.toLowerCase(), regionHint) : null;
}

function refOfArn(arn: string): AssetRef | null {
  const groups = ARN.exec(arn)?.groups;
  if (groups === undefined) return null;
  const { service = '', region = '', account = '', rest = '' } = groups;
  const [kind = '', ...path] = rest.split(/[:/]/);
  const resourceType = service === 'elasticloadbalancing' ? balancerType(rest) : AWS_TYPES[`${service}:${kind}`];
  if (resourceType === undefined || account === '') return null;
  const byArn = service !== 'ec2' && service !== 'rds';
  return {
    assetKey: arn,
    provider: 'aws',
    accountId: account,
    region: region === '' ? 'global' : region,
    resourceType,
    resourceId: byArn ? arn : path.join('/'),
  };
}

/** Classic load balancers have no kind in their ARN and another API. */
function balancerType(rest: string): ResourceType | undefined {
  if (!rest.startsWith('loadbalancer/')) return undefined;
  return /^loadbalancer\/(app|net|gwy)\//.test(rest)
    ? 'AWS::ElasticLoadBalancingV2::LoadBalancer'
    : 'AWS::ElasticLoadBalancing::LoadBalancer';
}

function refOfAzure(key: string, region: string): AssetRef | null {
  const groups = AZURE.exec(key)?.groups;
  if (groups === undefined) return null;
  const { account = '', rest = '' } = groups;
  // namespace/type/name, and for what is inside another: namespace/type/name/type/name.
  const [namespace, ...parts] = rest.split('/');
  const types = parts.filter((_, i) => i % 2 === 0).join('/');
  const resourceType = AZURE_BY_NAME.get(`${namespace}/${types}`);
  if (resourceType === undefined || parts.length % 2 !== 0) return null;
  return { assetKey: key, provider: 'azure', accountId: account, region, resourceType, resourceId: key };
}

function refOfGoogle(key: string, hint: string): AssetRef | null {
  const groups = GOOGLE.exec(key)?.groups;
  if (groups === undefined) return null;
  const { service = '', account = '', rest = '' } = groups;
  const parts = rest.split('/');
  const resourceType = GOOGLE_TYPES[`${service}/${parts.at(-2) ?? ''}`];
  if (resourceType === undefined) return null;
  return {
    assetKey: key,
    provider: 'gcp',
    accountId: account,
    region: placeIn(parts) ?? hint,
    resourceType,
    resourceId: key,
  };
}

/** `zones/europe-west1-b` lies in europe-west1; `regions/…` and `locations/…` say it themselves. */
function placeIn(parts: readonly string[]): string | null {
  const [scope, place] = parts;
  if (place === undefined) return null;
  if (scope === 'zones') return place.replace(/-[a-z]$/, '');
  return scope === 'regions' || scope === 'locations' ? place : null;
}
