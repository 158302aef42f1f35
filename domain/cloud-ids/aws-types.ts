import type { ResourceType } from '../../schemas/resource-type.ts';

/** `<service>:<kind>` of an ARN → type. */
export const AWS_BY_ARN: Readonly<Record<string, ResourceType>> = {
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

interface ShortId {
  readonly type: ResourceType;
  readonly service: string;
  /** What stands before the id in the ARN. */
  readonly kind: string;
  readonly id: RegExp;
  /** The id shows its type; otherwise it is only read where the type is known. */
  readonly byItself: boolean;
  readonly folds: boolean;
}

const ec2 = (type: ResourceType, kind: string, prefix: string): ShortId => ({
  type,
  service: 'ec2',
  kind: `${kind}/`,
  id: new RegExp(`^${prefix}-[0-9a-f]+$`, 'i'),
  byItself: true,
  folds: true,
});

/** Ids that are unique within account and region only, and how their ARN is made. */
export const AWS_SHORT: readonly ShortId[] = [
  ec2('AWS::EC2::Instance', 'instance', 'i'),
  ec2('AWS::EC2::Volume', 'volume', 'vol'),
  ec2('AWS::EC2::EIP', 'elastic-ip', 'eipalloc'),
  ec2('AWS::EC2::Image', 'image', 'ami'),
  ec2('AWS::EC2::NatGateway', 'natgateway', 'nat'),
  ec2('AWS::EC2::Snapshot', 'snapshot', 'snap'),
  ec2('AWS::EC2::VPCEndpoint', 'vpc-endpoint', 'vpce'),
  {
    type: 'AWS::RDS::DBInstance',
    service: 'rds',
    kind: 'db:',
    id: /^(?:db:)?[a-z][a-z0-9-]*$/i,
    byItself: false,
    folds: true,
  },
  {
    type: 'AWS::RDS::DBSnapshot',
    service: 'rds',
    kind: 'snapshot:',
    id: /^(?:snapshot:)?(?:rds:)?[a-z][a-z0-9-]*$/i,
    byItself: false,
    folds: true,
  },
  {
    type: 'AWS::DocDB::DBCluster',
    service: 'rds',
    kind: 'cluster:',
    id: /^(?:cluster:)?[a-z][a-z0-9-]*$/i,
    byItself: false,
    folds: true,
  },
  {
    // What CloudWatch calls a load balancer: the end of its ARN.
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    service: 'elasticloadbalancing',
    kind: 'loadbalancer/',
    id: /^(?:loadbalancer\/)?(?:app|net|gwy)\/[A-Za-z0-9-]+\/[0-9a-f]+$/,
    byItself: true,
    folds: false,
  },
  {
    type: 'AWS::ElasticLoadBalancing::LoadBalancer',
    service: 'elasticloadbalancing',
    kind: 'loadbalancer/',
    id: /^[A-Za-z0-9-]+$/,
    byItself: false,
    folds: false,
  },
];
