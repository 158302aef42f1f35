import { kindOf, providerOf } from '../estate/kinds.ts';
import type { ResourceKind } from '../../schemas/resource-type.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import type { Observation } from './state.ts';
import type { Json, Row } from './types.ts';

export const WIZ_TYPE: Readonly<Record<ResourceKind, { type: string; nativeType: string }>> = {
  instance: { type: 'VIRTUAL_MACHINE', nativeType: 'virtualMachine' },
  volume: { type: 'VOLUME', nativeType: 'volume' },
  address: { type: 'NETWORK_ADDRESS', nativeType: 'elasticIP' },
  'load-balancer': { type: 'LOAD_BALANCER', nativeType: 'elbv2' },
  database: { type: 'DB_SERVER', nativeType: 'databaseServer' },
  resource: { type: 'RESOURCE', nativeType: 'resource' },
};
const PLATFORM = { aws: 'AWS', azure: 'Azure', gcp: 'GCP' } as const;

/** The same name and purpose give the same UUID under one seed, so that ids outlive a restart. */
export function uuid(seed: number, text: string): string {
  const h = hexOf(keyOf(seed, `uuid/${text}`), 32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
}

export const iso = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** One asset as `CloudResourceV2`. `seen` is what the last scan found; without one the seeded state shows. */
export function resourceRow(context: {
  readonly estate: Estate;
  readonly asset: SeededAsset;
  readonly seen: Observation | undefined;
  readonly now: number;
}): Row {
  const { estate, asset, seen, now } = context;
  const id = uuid(estate.seed, asset.name);
  const created = (estate.seededAt - asset.createdDaysAgo * 86_400) * 1000;
  const open = asset.posture.internetExposed && seen === undefined;
  return {
    id,
    name: asset.name,
    ...WIZ_TYPE[kindOf(asset.resourceType)],
    externalId: asset.resourceId,
    providerUniqueId: asset.assetKey,
    cloudPlatform: PLATFORM[providerOf(asset.resourceType)],
    region: asset.region,
    status: status(asset, seen),
    // The cloud keeps no creation time for addresses; the first sighting is all there is.
    createdAt: asset.resourceType === 'AWS::EC2::EIP' ? null : iso(created),
    deletedAt: seen?.state === 'gone' ? iso(seen.from) : null,
    firstSeen: iso(created + 4 * 3_600_000),
    lastSeen: iso(now - 2 * 3_600_000),
    updatedAt: iso(now - 2 * 3_600_000),
    isAccessibleFromInternet: open,
    isOpenToAllInternet: open,
    hasAdminPrivileges: asset.posture.adminPrivileges,
    hasHighPrivileges: asset.posture.adminPrivileges,
    hasSensitiveData: asset.posture.sensitiveData,
    hasAccessToSensitiveData: false,
    tags: Object.entries(asset.tags).map(([key, value]) => ({ key, value })),
    cloudAccount: {
      id: uuid(estate.seed, `account/${asset.accountId}`),
      name: estate.accounts.find((a) => a.accountId === asset.accountId)?.name ?? asset.accountId,
      externalId: asset.accountId,
      cloudProvider: PLATFORM[providerOf(asset.resourceType)],
    },
    graphEntity: { id },
    projects: [],
    issueAnalytics: seen ? counts([]) : counts(asset.posture.findings.filter((f) => isIssue(f.kind))),
    typeFields: asset.instance ? { instanceType: asset.instance.instanceType, operatingSystem: 'Linux' } : null,
  };
}

export const isIssue = (kind: SeededAsset['posture']['findings'][number]['kind']): boolean =>
  kind === 'toxic-combination' || kind === 'threat';

function status(asset: SeededAsset, seen: Observation | undefined): string {
  // A word newer than any client: it has to be kept apart, not guessed at.
  if (asset.name === 'devbox-2') return 'Migrating';
  const unused =
    asset.instance?.stopped ||
    asset.archetype === 'unattached-volume' ||
    asset.archetype === 'new-volume' ||
    asset.archetype === 'unassociated-address';
  return seen || unused ? 'Inactive' : 'Active';
}

function counts(findings: readonly { severity: string }[]): Json {
  const of = (severity: string) => findings.filter((f) => f.severity === severity).length;
  return {
    issueCount: findings.length,
    criticalSeverityCount: of('CRITICAL'),
    highSeverityCount: of('HIGH'),
    mediumSeverityCount: of('MEDIUM'),
    lowSeverityCount: of('LOW'),
    informationalSeverityCount: 0,
  };
}
