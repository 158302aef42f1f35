import { loadRules } from '../../../config/load-rules.ts';
import type { CloudFacts, InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../../schemas/detection.ts';
import type { MetricSeries } from '../../../schemas/metrics.ts';
import type { Rule, RuleOf } from '../../../schemas/rules.ts';

export const RULES: readonly Rule[] = (await loadRules()).rules;

/** The first shipped rule of a check: the one for AWS. */
export function ruleOf<C extends Rule['check']>(check: C): RuleOf<C> {
  return RULES.find((r) => r.check === check) as RuleOf<C>;
}

/** A Friday in the middle of a month: 30 days back contain the turn of the month, 14 days do not. */
export const NOW = '2026-05-22T12:00:00.000Z';
export const HOUR_MS = 3_600_000;
export const DAYS = 30;
export const SLOTS = DAYS * 24;

/** Hourly series of `days` days that end at `end`; `value(i, epochHour)` counts from the oldest sample. */
export function hourly(
  metric: string,
  value: (i: number, epochHour: number) => number | null,
  over: { days?: number; end?: string; statistic?: MetricSeries['statistic']; periodSeconds?: number } = {},
): MetricSeries {
  const period = over.periodSeconds ?? 3600;
  const count = Math.round(((over.days ?? DAYS) * 86_400) / period);
  const endMs = Date.parse(over.end ?? NOW);
  const startMs = endMs - count * period * 1000;
  return {
    metric,
    statistic: over.statistic ?? (metric === 'CPUUtilization' || metric === 'mem_used_percent' ? 'Maximum' : 'Sum'),
    unit: 'None',
    start: new Date(startMs).toISOString(),
    periodSeconds: period,
    values: Array.from({ length: count }, (_, i) => value(i, Math.floor(startMs / HOUR_MS) + i)),
  };
}

export const quietCpu = (i: number): number => 1 + (i % 7) * 0.1;
export const quietNetwork = (): number => 30_000;

export function metrics(
  cpu: (i: number, epochHour: number) => number | null = quietCpu,
  over: { days?: number; end?: string } = {},
): MetricSeries[] {
  return [
    hourly('CPUUtilization', cpu, over),
    hourly('NetworkIn', quietNetwork, over),
    hourly('NetworkOut', quietNetwork, over),
  ];
}

/** Everything a load balancer publishes, quiet unless told otherwise. */
export function balancerMetrics(
  over: Partial<Record<'requests' | 'open' | 'bytes', (i: number) => number | null>> = {},
  type: 'application' | 'network' = 'application',
): MetricSeries[] {
  const [came, open] =
    type === 'network' ? ['NewFlowCount', 'ActiveFlowCount'] : ['RequestCount', 'ActiveConnectionCount'];
  return [
    hourly(came, over.requests ?? (() => 0)),
    hourly(open, over.open ?? (() => 0), { statistic: 'Maximum' }),
    hourly('ProcessedBytes', over.bytes ?? (() => 0)),
  ];
}

export function instanceFacts(over: Partial<InstanceFacts> = {}): InstanceFacts {
  return {
    assetKey: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b2c3d4e5f60718',
    provider: 'aws',
    accountId: '111122223333',
    region: 'us-east-1',
    resourceId: 'i-0a1b2c3d4e5f60718',
    kind: 'instance',
    resourceType: 'AWS::EC2::Instance',
    tags: {},
    state: 'running',
    instanceType: 'm5.2xlarge',
    architecture: 'x86_64',
    imageId: 'ami-0123456789abcdef0',
    launchTime: '2025-01-01T00:00:00.000Z',
    stoppedAt: null,
    zone: 'us-east-1a',
    subnetId: 'subnet-1',
    networkId: 'vpc-1',
    firewallIds: [],
    privateIp: '10.0.0.9',
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
    volumes: [
      {
        volumeId: 'vol-1',
        device: '/dev/xvda',
        deletedWithInstance: true,
        sizeGiB: 100,
        volumeType: 'gp3',
        encrypted: true,
        encryptionKeyId: 'arn:aws:kms:eu-west-1:111111111111:key/k',
      },
    ],
    backendGroupIds: [],
    ...over,
  };
}

const PLACE = { provider: 'aws', accountId: '111122223333', region: 'us-east-1', tags: {} } as const;

export function volumeFacts(over: Partial<Extract<CloudFacts, { kind: 'volume' }>> = {}): CloudFacts {
  return {
    ...PLACE,
    kind: 'volume',
    resourceType: 'AWS::EC2::Volume',
    assetKey: 'arn:aws:ec2:us-east-1:111122223333:volume/vol-0a1b2c3d4e5f60718',
    resourceId: 'vol-0a1b2c3d4e5f60718',
    state: 'available',
    sizeGiB: 200,
    volumeType: 'gp3',
    iops: 3000,
    throughput: 125,
    encrypted: true,
    encryptionKeyId: null,
    multiAttach: false,
    createTime: '2025-01-01T00:00:00.000Z',
    zone: 'us-east-1a',
    attachedInstanceIds: [],
    ...over,
  };
}

export function addressFacts(over: Partial<Extract<CloudFacts, { kind: 'address' }>> = {}): CloudFacts {
  return {
    ...PLACE,
    kind: 'address',
    resourceType: 'AWS::EC2::EIP',
    assetKey: 'arn:aws:ec2:us-east-1:111122223333:elastic-ip/eipalloc-1',
    resourceId: 'eipalloc-1',
    state: 'unassociated',
    publicIp: '198.51.100.7',
    associationId: null,
    instanceId: null,
    networkInterfaceId: null,
    ...over,
  };
}

type LoadBalancer = Extract<CloudFacts, { kind: 'load-balancer' }>;
export function loadBalancerFacts(over: Partial<LoadBalancer> = {}): CloudFacts {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/old/50dc6c495c0c9188';
  return {
    ...PLACE,
    kind: 'load-balancer',
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    assetKey: arn,
    resourceId: arn,
    state: 'active',
    name: 'old',
    loadBalancerType: 'application',
    scheme: 'internet-facing',
    dnsName: 'old-1.elb.example.net',
    createdTime: '2025-01-01T00:00:00.000Z',
    deletionProtection: false,
    registeredTargets: 0,
    healthyTargets: 0,
    backendGroupIds: ['arn:tg'],
    listenerIds: ['arn:listener'],
    ...over,
  };
}

/** A record about `facts`, with every source present and harmless. */
export function recordOf(
  facts: CloudFacts,
  over: Partial<AssetRecord> & { tags?: Record<string, string> } = {},
): AssetRecord {
  const { tags, ...rest } = over;
  return {
    asset: {
      assetKey: facts.assetKey,
      provider: facts.provider,
      accountId: facts.accountId,
      region: facts.region,
      resourceType: facts.resourceType,
      resourceId: facts.resourceId,
      name: 'report-server',
      createdAt: '2025-01-01T00:00:00.000Z',
      tags: tags ?? { environment: 'dev' },
    },
    facts,
    metrics: facts.kind === 'instance' ? metrics() : [],
    cost: null,
    posture: {
      source: 'test',
      vendorId: 'v-1',
      observedAt: NOW,
      internetExposed: false,
      openPorts: [],
      adminPrivileges: false,
      sensitiveData: false,
      findings: [],
    },
    cmdb: {
      ciId: 'ci-1',
      resourceId: facts.resourceId,
      name: 'report-server',
      environment: 'dev',
      criticality: 4,
      ownerEmail: null,
      supportGroup: null,
      operationalStatus: null,
      maintenanceWindow: null,
      disasterRecoveryRole: null,
      dependents: [],
      openIncidents: [],
    },
    observedAt: NOW,
    ...rest,
  };
}

export const instance = (over: Parameters<typeof recordOf>[1] = {}, facts: Partial<InstanceFacts> = {}): AssetRecord =>
  recordOf(instanceFacts(facts), over);

/** Small seeded generator (mulberry32): property tests must fail the same way twice. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
