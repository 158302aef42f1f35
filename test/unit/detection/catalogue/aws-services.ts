import { above, configured, inUse, LONG_AGO, once, resource, YESTERDAY } from './facts.ts';
import type { RuleCase } from './rule-case.ts';

/** AWS rules that are only reported, about everything but machines and storage. */
export const AWS_SERVICES: Readonly<Record<string, RuleCase>> = {
  'aws-elb-no-instances': configured(
    resource('AWS::ElasticLoadBalancing::LoadBalancer', { createdTime: LONG_AGO, 'instances.count': 0 }),
    inUse('createdTime', '2026-05-20T12:00:00.000Z'),
    inUse('instances.count', 1),
  ),
  'aws-elb-no-healthy-instances': {
    facts: resource('AWS::ElasticLoadBalancing::LoadBalancer', { 'instances.count': 2 }),
    series: { HealthyHostCount: 0 },
    busy: [inUse('instances.count', 0), above('HealthyHostCount', once(1))],
  },
  'aws-nat-gateway-idle': {
    facts: resource('AWS::EC2::NatGateway', { state: 'available' }),
    series: { BytesOutToDestination: 0, BytesOutToSource: 0 },
    busy: [inUse('state', 'deleted'), above('BytesOutToDestination', once(1)), above('BytesOutToSource', once(1))],
    unsure: [
      { series: { BytesOutToSource: (back) => (back === 500 ? 9 : 0) }, because: 'load-before-confidence-window' },
    ],
  },
  'aws-vpc-endpoint-not-accepted': configured(
    resource('AWS::EC2::VPCEndpoint', {
      vpcEndpointType: 'Interface',
      state: 'pendingAcceptance',
      creationTimestamp: LONG_AGO,
    }),
    inUse('vpcEndpointType', 'Gateway'),
    inUse('state', 'available'),
    inUse('creationTimestamp', YESTERDAY),
  ),
  'aws-route53-health-check-disabled': configured(
    resource('AWS::Route53::HealthCheck', { 'healthCheckConfig.disabled': true }),
    inUse('healthCheckConfig.disabled', false),
  ),
  'aws-cloudfront-disabled': configured(
    resource('AWS::CloudFront::Distribution', { enabled: false, lastModifiedTime: LONG_AGO }),
    inUse('enabled', true),
    inUse('lastModifiedTime', YESTERDAY),
  ),
  'aws-cloudfront-all-locations': configured(
    resource('AWS::CloudFront::Distribution', { enabled: true, priceClass: 'PriceClass_All' }),
    inUse('enabled', false),
    inUse('priceClass', 'PriceClass_100'),
  ),
  'aws-docdb-idle': {
    facts: resource('AWS::DocDB::DBCluster', { engine: 'docdb', status: 'available' }),
    series: { DatabaseConnections: 0 },
    busy: [inUse('engine', 'aurora-postgresql'), inUse('status', 'stopped'), above('DatabaseConnections', once(1))],
  },
  'aws-dynamodb-idle': {
    facts: resource('AWS::DynamoDB::Table', { tableStatus: 'ACTIVE' }),
    series: { ConsumedReadCapacityUnits: 0, ConsumedWriteCapacityUnits: 0 },
    busy: [
      inUse('tableStatus', 'DELETING'),
      above('ConsumedReadCapacityUnits', once(1)),
      above('ConsumedWriteCapacityUnits', (back) => (back === 700 ? 1 : 0)),
    ],
  },
  'aws-dynamodb-empty': configured(
    resource('AWS::DynamoDB::Table', {
      tableStatus: 'ACTIVE',
      creationDateTime: LONG_AGO,
      itemCount: 0,
      'provisionedThroughput.readCapacityUnits': 5,
    }),
    inUse('tableStatus', 'CREATING'),
    inUse('creationDateTime', YESTERDAY),
    inUse('itemCount', 1),
    inUse('provisionedThroughput.readCapacityUnits', 0),
  ),
  'aws-elasticache-idle': {
    facts: resource('AWS::ElastiCache::CacheCluster', { cacheClusterStatus: 'available' }),
    series: { CacheHits: 0, CurrConnections: 4 },
    busy: [inUse('cacheClusterStatus', 'creating'), above('CacheHits', once(1)), above('CurrConnections', once(5))],
  },
  'aws-redshift-idle': {
    facts: resource('AWS::Redshift::Cluster', { clusterStatus: 'available' }),
    series: { DatabaseConnections: 0 },
    busy: [inUse('clusterStatus', 'paused'), above('DatabaseConnections', once(1))],
  },
  'aws-redshift-low-cpu': {
    facts: resource('AWS::Redshift::Cluster', { clusterStatus: 'available' }),
    series: { CPUUtilization: 8 },
    busy: [inUse('clusterStatus', 'paused'), above('CPUUtilization', 11)],
  },
  'aws-kinesis-idle': {
    facts: resource('AWS::Kinesis::Stream', { streamStatus: 'ACTIVE' }),
    series: { IncomingRecords: 0, 'GetRecords.Records': 0 },
    busy: [inUse('streamStatus', 'CREATING'), above('IncomingRecords', once(1)), above('GetRecords.Records', once(1))],
  },
  'aws-ecs-service-without-tasks': configured(
    resource('AWS::ECS::Service', { status: 'ACTIVE', runningCount: 0, createdAt: LONG_AGO }),
    inUse('status', 'INACTIVE'),
    inUse('runningCount', 1),
    inUse('createdAt', YESTERDAY),
  ),
  'aws-emr-cluster-idle': {
    facts: resource('AWS::EMR::Cluster', { 'status.state': 'WAITING' }),
    series: { AppsRunning: 0 },
    busy: [inUse('status.state', 'RUNNING'), above('AppsRunning', once(1))],
  },
  'aws-lambda-idle': {
    // As Lambda itself writes it.
    facts: resource('AWS::Lambda::Function', { lastModified: '2025-02-03T04:05:06.000+0000' }),
    series: { Invocations: 0 },
    busy: [inUse('lastModified', YESTERDAY), above('Invocations', once(1))],
    unsure: [{ attributes: { lastModified: 'lately' }, because: 'attribute-invalid:lastModified' }],
  },
  'aws-sagemaker-endpoint-unchanged': configured(
    resource('AWS::SageMaker::Endpoint', { endpointStatus: 'InService', lastModifiedTime: LONG_AGO }),
    inUse('endpointStatus', 'Failed'),
    inUse('lastModifiedTime', YESTERDAY),
  ),
  'aws-workspace-unused': {
    facts: resource('AWS::WorkSpaces::Workspace', { 'workspaceProperties.runningMode': 'ALWAYS_ON' }),
    series: { UserConnected: 0 },
    busy: [
      inUse('workspaceProperties.runningMode', 'AUTO_STOP'),
      above('UserConnected', (back) => (back === 1400 ? 1 : 0)),
    ],
  },
  'aws-secret-unused': configured(
    resource('AWS::SecretsManager::Secret', { lastAccessedDate: LONG_AGO }),
    inUse('lastAccessedDate', YESTERDAY),
    inUse('deletedDate', LONG_AGO),
  ),
  'aws-secret-never-read': configured(
    resource('AWS::SecretsManager::Secret', { createdDate: LONG_AGO }),
    inUse('createdDate', YESTERDAY),
    inUse('lastAccessedDate', LONG_AGO),
    inUse('deletedDate', LONG_AGO),
  ),
  'aws-cloudtrail-may-be-duplicate': configured(
    resource('AWS::CloudTrail::Trail', {
      isMultiRegionTrail: false,
      isOrganizationTrail: false,
      includeGlobalServiceEvents: true,
    }),
    inUse('isMultiRegionTrail', true),
    inUse('isOrganizationTrail', true),
    inUse('includeGlobalServiceEvents', false),
  ),
};
