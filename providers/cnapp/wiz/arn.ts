import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';

const ARN =
  /^arn:aws(?:-[a-z-]+)?:(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<kind>[a-z-]+)\/(?<rest>.+)$/;

/** What Wiz calls our resource types, in filters and scan requests. */
export const WIZ_TYPE: Readonly<Record<ResourceType, string>> = {
  'AWS::EC2::Instance': 'VIRTUAL_MACHINE',
  'AWS::EC2::Volume': 'VOLUME',
  'AWS::EC2::EIP': 'NETWORK_ADDRESS',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'LOAD_BALANCER',
};

/** The ARN says what a resource is and where; null when it is none, or of a type we do not handle. */
export function refOfArn(arn: string): AssetRef | null {
  const groups = ARN.exec(arn)?.groups;
  if (!groups) return null;
  const { service, region, account, kind, rest } = groups as Record<string, string>;
  const resourceType = typeOf(`${service}:${kind}`, rest as string);
  if (!resourceType) return null;
  return {
    assetKey: arn,
    provider: 'aws',
    accountId: account as string,
    region: region as string,
    resourceType,
    resourceId: resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer' ? arn : (rest as string),
  };
}

function typeOf(kind: string, rest: string): ResourceType | null {
  switch (kind) {
    case 'ec2:instance':
      return 'AWS::EC2::Instance';
    case 'ec2:volume':
      return 'AWS::EC2::Volume';
    case 'ec2:elastic-ip':
      return 'AWS::EC2::EIP';
    case 'elasticloadbalancing:loadbalancer':
      // Classic load balancers have no kind in their ARN and another API.
      return /^(app|net|gwy)\//.test(rest) ? 'AWS::ElasticLoadBalancingV2::LoadBalancer' : null;
    default:
      return null;
  }
}
