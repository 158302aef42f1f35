import type { z } from 'zod';
import { kindOf, providerOf } from '../../domain/resource-kinds.ts';
import { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { OfflineCase } from '../../schemas/offline-case.ts';
import { underTodaysNames } from './earlier-names.ts';

export interface FactsResult {
  readonly facts: CloudFacts | null;
  /** What was taken to be so because the case does not say; shown in the output. */
  readonly assumptions: readonly string[];
  readonly issue: z.core.$ZodIssue | null;
}

/**
 * Cloud facts of a case. A case may state a few fields only: lists are then empty and everything a pre-flight would
 * ask for stays unknown (null), which blocks and adds risk. An instance without a stated state ran as long as it
 * reported CPU, so samples up to the window's end are taken as `running`; nothing else is guessed.
 */
export function offlineFacts(c: OfflineCase, place: { assetKey: string; observedAt: string }): FactsResult {
  const { asset } = c;
  const { facts: given, issue } = c.facts === null ? { facts: null, issue: null } : underTodaysNames(c.facts);
  const ref = {
    assetKey: place.assetKey,
    provider: providerOf(asset.type),
    accountId: asset.accountId,
    region: asset.region,
    kind: kindOf(asset.type),
    resourceType: asset.type,
    resourceId: asset.id,
    tags: { ...asset.tags, ...c.tags },
  };
  const assumptions: string[] = [];
  if (issue !== null) return { facts: null, assumptions, issue };
  let merged: Record<string, unknown>;
  switch (kindOf(asset.type)) {
    case 'instance': {
      let state = given?.['state'];
      if (state === undefined && reportedUntil(c, place.observedAt)) {
        state = 'running';
        assumptions.push('facts.state=running: CPU samples reach the end of the window');
      }
      if (state === undefined) return { facts: null, assumptions, issue: null };
      merged = { ...INSTANCE, launchTime: place.observedAt, ...given, state };
      break;
    }
    case 'volume':
      if (given === null) return { facts: null, assumptions, issue: null };
      merged = {
        ...VOLUME,
        createTime: place.observedAt,
        zone: `${asset.region}a`,
        ...given,
      };
      if (given['state'] === undefined && Array.isArray(given['attachedInstanceIds']))
        merged['state'] = given['attachedInstanceIds'].length > 0 ? 'in-use' : 'available';
      break;
    case 'address':
      if (given === null) return { facts: null, assumptions, issue: null };
      merged = { ...ADDRESS, ...given };
      if (given['state'] === undefined && 'associationId' in given)
        merged['state'] = given['associationId'] === null ? 'unassociated' : 'associated';
      break;
    case 'load-balancer':
      if (given === null) return { facts: null, assumptions, issue: null };
      merged = {
        ...LOAD_BALANCER,
        name: asset.name || asset.id,
        createdTime: place.observedAt,
        ...given,
      };
      break;
    case 'database':
      if (given === null) return { facts: null, assumptions, issue: null };
      merged = { ...DATABASE, ...given };
      break;
    case 'resource':
      if (given === null) return { facts: null, assumptions, issue: null };
      merged = { state: 'unknown', createTime: null, attributes: given };
      break;
  }
  const parsed = CloudFacts.safeParse({ ...merged, ...ref });
  return parsed.success
    ? { facts: withoutInventedAge(parsed.data, given), assumptions, issue: null }
    : { facts: null, assumptions, issue: parsed.error.issues[0] ?? null };
}

/**
 * The schema wants a creation time, and a case may have none. An instant that cannot be read makes the age unknown,
 * where any real one would be a claim.
 */
function withoutInventedAge(facts: CloudFacts, given: Readonly<Record<string, unknown>> | null): CloudFacts {
  const unknown = 'unknown';
  switch (facts.kind) {
    case 'instance':
      return given?.['launchTime'] === undefined ? { ...facts, launchTime: unknown } : facts;
    case 'volume':
      return given?.['createTime'] === undefined ? { ...facts, createTime: unknown } : facts;
    case 'load-balancer':
      return given?.['createdTime'] === undefined ? { ...facts, createdTime: unknown } : facts;
    case 'address':
    case 'database':
    case 'resource':
      return facts;
  }
}

const TRAILING_MS = 3 * 3_600_000;

function reportedUntil(c: OfflineCase, observedAt: string): boolean {
  return c.metrics.some((s) => {
    if (s.metric !== 'CPUUtilization') return false;
    const last = s.values.findLastIndex((v) => v !== null);
    if (last < 0) return false;
    const end = Date.parse(s.start) + (last + 1) * s.periodSeconds * 1000;
    return end >= Date.parse(observedAt) - TRAILING_MS;
  });
}

const INSTANCE = {
  instanceType: 'unknown',
  architecture: null,
  imageId: null,
  stoppedAt: null,
  zone: null,
  subnetId: null,
  networkId: null,
  firewallIds: [],
  privateIp: null,
  publicIp: null,
  staticAddressId: null,
  workloadIdentity: null,
  scalingGroup: null,
  managedBy: null,
  spot: false,
  tenancy: 'default',
  rootDisk: null,
  localDisks: null,
  deletionProtection: null,
  stopProtection: null,
  shutdownBehavior: 'stop',
  hibernationConfigured: false,
  volumes: [],
  backendGroupIds: [],
};

const VOLUME = {
  sizeGiB: 0,
  volumeType: 'unknown',
  iops: null,
  throughput: null,
  encrypted: false,
  encryptionKeyId: null,
  multiAttach: false,
  attachedInstanceIds: [],
};

const DATABASE = {
  engine: 'unknown',
  instanceClass: 'unknown',
  storageGiB: null,
  storageType: null,
  createTime: null,
  replicaOf: null,
  replicas: [],
  clusterId: null,
  multiZone: null,
  deletionProtection: null,
  publiclyAccessible: null,
};

const ADDRESS = { publicIp: 'unknown', associationId: null, instanceId: null, networkInterfaceId: null };

const LOAD_BALANCER = {
  state: 'active',
  loadBalancerType: 'application',
  scheme: null,
  dnsName: 'unknown',
  deletionProtection: null,
  healthyTargets: 0,
  backendGroupIds: [],
  listenerIds: [],
};
