import type { AssetRef, ResourceType } from '../../../schemas/asset.ts';
import type { AddressFacts, InstanceFacts, LoadBalancerFacts, VolumeFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../schemas/option.ts';

const PLACE = { provider: 'aws' as const, accountId: '111111111111', region: 'eu-west-1' };
const arn = (kind: string, id: string) => `arn:aws:ec2:${PLACE.region}:${PLACE.accountId}:${kind}/${id}`;
const LB_ARN = `arn:aws:elasticloadbalancing:${PLACE.region}:${PLACE.accountId}:loadbalancer/app/front/0123456789abcdef`;

export function instanceFacts(change: Partial<InstanceFacts> = {}): InstanceFacts {
  return {
    ...PLACE,
    kind: 'instance',
    resourceType: 'AWS::EC2::Instance',
    resourceId: 'i-0aaaaaaaaaaaaaaaa',
    assetKey: arn('instance', 'i-0aaaaaaaaaaaaaaaa'),
    tags: { Name: 'web', environment: 'dev' },
    state: 'running',
    instanceType: 'm5.large',
    architecture: 'x86_64',
    imageId: 'ami-1',
    launchTime: '2026-01-01T00:00:00.000Z',
    stoppedAt: null,
    zone: 'eu-west-1a',
    subnetId: 'subnet-1',
    networkId: 'vpc-1',
    firewallIds: ['sg-2', 'sg-1'],
    privateIp: '10.0.0.5',
    publicIp: null,
    staticAddressId: null,
    workloadIdentity: null,
    scalingGroup: null,
    managedBy: null,
    spot: false,
    tenancy: 'default',
    rootDisk: 'persistent',
    localDisks: false,
    deletionProtection: false,
    stopProtection: false,
    shutdownBehavior: 'stop',
    hibernationConfigured: false,
    volumes: [disk('vol-b', '/dev/sdf'), disk('vol-a', '/dev/xvda')],
    backendGroupIds: [],
    ...change,
  };
}

export function volumeFacts(change: Partial<VolumeFacts> = {}): VolumeFacts {
  return {
    ...PLACE,
    kind: 'volume',
    resourceType: 'AWS::EC2::Volume',
    resourceId: 'vol-0aaaaaaaaaaaaaaaa',
    assetKey: arn('volume', 'vol-0aaaaaaaaaaaaaaaa'),
    tags: { Name: 'old' },
    state: 'available',
    sizeGiB: 100,
    volumeType: 'gp3',
    iops: 3000,
    throughput: 125,
    encrypted: false,
    encryptionKeyId: null,
    multiAttach: false,
    createTime: '2025-01-01T00:00:00.000Z',
    zone: 'eu-west-1a',
    attachedInstanceIds: [],
    ...change,
  };
}

export function addressFacts(change: Partial<AddressFacts> = {}): AddressFacts {
  return {
    ...PLACE,
    kind: 'address',
    resourceType: 'AWS::EC2::EIP',
    resourceId: 'eipalloc-0aaaaaaaaaaaaaaaa',
    assetKey: arn('elastic-ip', 'eipalloc-0aaaaaaaaaaaaaaaa'),
    tags: {},
    state: 'unassociated',
    publicIp: '203.0.113.9',
    associationId: null,
    instanceId: null,
    networkInterfaceId: null,
    ...change,
  };
}

export function loadBalancerFacts(change: Partial<LoadBalancerFacts> = {}): LoadBalancerFacts {
  return {
    ...PLACE,
    kind: 'load-balancer',
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    resourceId: LB_ARN,
    assetKey: LB_ARN,
    tags: {},
    state: 'active',
    name: 'front',
    loadBalancerType: 'application',
    scheme: 'internal',
    dnsName: 'front.example',
    createdTime: '2025-01-01T00:00:00.000Z',
    deletionProtection: false,
    registeredTargets: 2,
    healthyTargets: 1,
    backendGroupIds: ['tg-2', 'tg-1'],
    listenerIds: ['l-1'],
    ...change,
  };
}

export function planFor(action: ActionName, facts: AssetRef & { resourceType: ResourceType }): Plan {
  const { assetKey, accountId, region, resourceType, resourceId } = facts;
  return {
    version: 1,
    remediationId: 'remediate/t/x/rule',
    ruleId: 'rule',
    action,
    parameters: {},
    stateDigest: '',
    expectedMonthlySaving: null,
    reversibility: 'reversible',
    requiredApprovals: 1,
    rollback: '',
    createdAt: '2026-01-01T00:00:00Z',
    assetKey,
    accountId,
    region,
    resourceType,
    resourceId,
  };
}

function disk(volumeId: string, device: string): InstanceFacts['volumes'][number] {
  return { volumeId, device, deletedWithInstance: true, sizeGiB: 20, volumeType: 'gp3', encrypted: false };
}
