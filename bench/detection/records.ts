import { buildScaleEstate } from '../../sandbox/estate/scale.ts';
import type { Estate, SeededAsset } from '../../sandbox/estate/types.ts';
import type { InstanceFacts } from '../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { MetricSeries } from '../../schemas/metrics.ts';

const HOUR = 3600;
const METRICS = [
  ['CPUUtilization', 'Maximum', 'Percent'],
  ['NetworkIn', 'Sum', 'Bytes'],
  ['NetworkOut', 'Sum', 'Bytes'],
  ['mem_used_percent', 'Maximum', 'Percent'],
] as const;

/** Records as a sweep has them in hand: running instances of every load shape, so many days of hourly samples each. */
export function scaleRecords(count: number, days: number, now: Date): AssetRecord[] {
  const end = Math.floor(now.getTime() / 1000 / HOUR) * HOUR;
  const estate = buildScaleEstate(count, { now: end });
  return estate.assets.map((asset) => recordOf(estate, asset, { start: end - days * 24 * HOUR, end, now }));
}

function recordOf(estate: Estate, seeded: SeededAsset, at: { start: number; end: number; now: Date }): AssetRecord {
  const { assetKey, accountId, region, resourceId, name, tags } = seeded;
  const createdAt = new Date((at.end - seeded.createdDaysAgo * 24 * HOUR) * 1000).toISOString();
  const ref = { assetKey, provider: 'aws' as const, accountId, region, resourceId };
  const { openPorts, internetExposed, adminPrivileges, sensitiveData } = seeded.posture;
  return {
    asset: { ...ref, resourceType: 'AWS::EC2::Instance', name, createdAt, tags: { ...tags } },
    facts: factsOf(ref, { ...tags }, createdAt),
    metrics: METRICS.map(([metric, statistic, unit]): MetricSeries => {
      const query = { metric, statistic, startEpoch: at.start, endEpoch: at.end, periodSeconds: HOUR };
      return {
        metric,
        statistic,
        unit,
        start: new Date(at.start * 1000).toISOString(),
        periodSeconds: HOUR,
        values: estate.metric(seeded, { ...query, nowEpoch: at.end }),
      };
    }),
    cost: null,
    posture: {
      source: 'bench',
      vendorId: resourceId,
      observedAt: at.now.toISOString(),
      internetExposed,
      openPorts: [...openPorts],
      adminPrivileges,
      sensitiveData,
      findings: [],
    },
    cmdb: null,
    observedAt: at.now.toISOString(),
  };
}

type Ref = Pick<InstanceFacts, 'assetKey' | 'provider' | 'accountId' | 'region' | 'resourceId'>;

/** A running machine with nothing special about it. */
export function factsOf(ref: Ref, tags: Record<string, string>, launchTime: string): InstanceFacts {
  return {
    ...ref,
    kind: 'instance',
    resourceType: 'AWS::EC2::Instance',
    tags,
    state: 'running',
    instanceType: 'm5.large',
    architecture: 'x86_64',
    imageId: 'ami-0123456789abcdef0',
    launchTime,
    stoppedAt: null,
    zone: `${ref.region}a`,
    subnetId: 'subnet-0123456789abcdef0',
    networkId: 'vpc-0123456789abcdef0',
    firewallIds: [],
    privateIp: '10.0.0.1',
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
    volumes: [],
    backendGroupIds: [],
  };
}
