import type { ResourceType } from '../../../schemas/asset.ts';
import { DEV, DEV_PRINCIPAL } from '../people.ts';
import type { Place } from '../places.ts';
import { ADDRESS_DAY, databaseDay, instanceDay, LOAD_BALANCER_DAY, volumeDay } from '../prices.ts';
import type { Archetype, DemoScript, SeededAsset } from '../types.ts';

/** What a catalogue line may say beyond its defaults. */
export interface Spec {
  readonly at: Place;
  readonly env?: string;
  /** Null: nobody is named anywhere. */
  readonly owner?: string | null;
  readonly ageDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly posture?: Partial<SeededAsset['posture']>;
  readonly cmdb?: Partial<NonNullable<SeededAsset['cmdb']>> | null;
  readonly createdBy?: string | null;
  readonly dailyCost?: string | null;
  readonly commitment?: SeededAsset['commitment'];
  readonly demo?: DemoScript;
}

const IDLE = new Set<Archetype>([
  'stopped-long',
  'unattached-volume',
  'unassociated-address',
  'idle-load-balancer',
  'targetless-load-balancer',
  'idle-database',
]);

/** Ground truth: every `idle…` archetype, what has been stopped for long, and the detached or unused others. */
export function isTrulyIdle(archetype: Archetype): boolean {
  return archetype === 'idle' || archetype.startsWith('idle-') || IDLE.has(archetype);
}

const CRITICALITY: Readonly<Record<string, 1 | 2 | 3 | 4>> = { dev: 4, sandbox: 4, test: 4, staging: 3, prod: 2 };

type Line = readonly [archetype: Archetype, name: string, spec: Spec];

function common(resourceType: ResourceType, [archetype, name, spec]: Line) {
  const env = spec.env ?? 'staging';
  const owner = spec.owner === undefined ? DEV : spec.owner;
  const tags: Record<string, string> = { Name: name };
  if (env !== 'unknown') tags['environment'] = env;
  if (owner !== null) Object.assign(tags, { owner, team: 'web-platform' });
  return {
    name,
    archetype,
    ...spec.at,
    resourceType,
    resourceId: '',
    assetKey: '',
    createdDaysAgo: spec.ageDays ?? 210,
    tags: { ...tags, ...spec.tags },
    environment: env,
    trulyIdle: isTrulyIdle(archetype),
    ...(spec.commitment ? { commitment: spec.commitment } : {}),
    posture: {
      internetExposed: false,
      openPorts: [],
      adminPrivileges: false,
      sensitiveData: false,
      findings: [],
      ...spec.posture,
    },
    cmdb:
      spec.cmdb === null
        ? null
        : {
            criticality: CRITICALITY[env] ?? null,
            ownerEmail: owner,
            supportGroup: 'Web Platform',
            maintenanceWindow: env === 'prod' ? 'Mon–Sun 00:00–24:00 UTC' : null,
            disasterRecoveryRole: null,
            dependents: [],
            ...spec.cmdb,
          },
    createdBy: spec.createdBy === undefined ? DEV_PRINCIPAL : spec.createdBy,
    demo: spec.demo ?? null,
  } satisfies Omit<SeededAsset, 'dailyCost'>;
}

const cost = (spec: Spec, list: string): string | null => (spec.dailyCost === undefined ? list : spec.dailyCost);

export function instance(
  archetype: Archetype,
  name: string,
  spec: Spec & { type?: string; vm?: Omit<NonNullable<SeededAsset['instance']>, 'instanceType'> },
): SeededAsset {
  const instanceType = spec.type ?? 'm5.large';
  return {
    ...common('AWS::EC2::Instance', [archetype, name, spec]),
    instance: { instanceType, ...spec.vm },
    dailyCost: cost(spec, instanceDay(instanceType)),
  };
}

export function volume(
  archetype: Archetype,
  name: string,
  spec: Spec & { sizeGiB?: number; type?: string; attachedTo?: string },
): SeededAsset {
  const { sizeGiB = 200, type = 'gp3', attachedTo } = spec;
  return {
    ...common('AWS::EC2::Volume', [archetype, name, spec]),
    volume: { sizeGiB, volumeType: type, ...(attachedTo ? { attachedTo } : {}) },
    dailyCost: cost(spec, volumeDay(type, sizeGiB)),
  };
}

export function address(archetype: Archetype, name: string, spec: Spec & { attachedTo?: string }): SeededAsset {
  return {
    ...common('AWS::EC2::EIP', [archetype, name, spec]),
    address: spec.attachedTo ? { attachedTo: spec.attachedTo } : {},
    dailyCost: cost(spec, ADDRESS_DAY),
  };
}

export function loadBalancer(
  archetype: Archetype,
  name: string,
  spec: Spec & { targets?: readonly string[]; type?: 'application' | 'network' },
): SeededAsset {
  return {
    ...common('AWS::ElasticLoadBalancingV2::LoadBalancer', [archetype, name, spec]),
    loadBalancer: { targets: spec.targets ?? [], type: spec.type ?? 'application' },
    dailyCost: cost(spec, LOAD_BALANCER_DAY),
  };
}

export function database(
  archetype: Archetype,
  name: string,
  spec: Spec & { storageGiB?: number; instanceClass?: string },
): SeededAsset {
  const { storageGiB = 100, instanceClass = 'db.m5.large' } = spec;
  return {
    ...common('AWS::RDS::DBInstance', [archetype, name, spec]),
    database: { engine: 'postgres', instanceClass, storageGiB },
    dailyCost: cost(spec, databaseDay(instanceClass, storageGiB)),
  };
}
