import { kindOf, providerOf } from '../../../../domain/resource-kinds.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { CloudFacts } from '../../../../schemas/cloud-facts.ts';
import type { CloudProvider, ResourceType } from '../../../../schemas/resource-type.ts';
import { addressFacts, instanceFacts, loadBalancerFacts, volumeFacts } from '../fixtures.ts';
import type { RuleCase } from './rule-case.ts';

const SUBSCRIPTION = '1f0c2a6e-0000-4000-8000-000000000001';

/** A place of each cloud; keys are well-formed and name nothing real. */
function placeOf(type: ResourceType): Omit<AssetRef, 'resourceType'> {
  const provider = providerOf(type);
  const [accountId, region, assetKey] = PLACES[provider](type);
  return { provider, accountId, region, assetKey, resourceId: assetKey };
}

const PLACES: Readonly<Record<CloudProvider, (type: ResourceType) => readonly [string, string, string]>> = {
  aws: () => ['111122223333', 'us-east-1', 'arn:aws:any:us-east-1:111122223333:thing/x-1'],
  azure: (type) => [
    SUBSCRIPTION,
    'westeurope',
    `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-acme/providers/${type}/x-1`.toLowerCase(),
  ],
  gcp: (type) => [
    'acme-prod-314159',
    'europe-west1',
    `//${type.split('/')[0]}/projects/acme-prod-314159/zones/europe-west1-b/things/x-1`,
  ],
};

/** Facts of a fixture, as this type of this cloud. */
function at<F extends CloudFacts>(type: ResourceType, facts: F): F {
  return { ...facts, ...placeOf(type), resourceType: type };
}

type Over<K extends CloudFacts['kind']> = Partial<Extract<CloudFacts, { kind: K }>>;

const SIZE = { aws: 'm5.2xlarge', azure: 'Standard_D8s_v5', gcp: 'n2-standard-8' } as const;
export const vm = (type: ResourceType, over: Over<'instance'> = {}): CloudFacts =>
  at(type, instanceFacts({ instanceType: SIZE[providerOf(type)], ...over }));
export const disk = (type: ResourceType, over: Over<'volume'> = {}): CloudFacts => at(type, volumeFacts(over));
export const address = (type: ResourceType, over: Over<'address'> = {}): CloudFacts => at(type, addressFacts(over));

/** AWS tells an application load balancer by its key, so that one keeps the fixture's own. */
export function balancer(type: ResourceType, over: Over<'load-balancer'> = {}): CloudFacts {
  return providerOf(type) === 'aws' ? loadBalancerFacts(over) : at(type, loadBalancerFacts(over) as never);
}

export function database(type: ResourceType, over: Over<'database'> = {}): CloudFacts {
  return {
    ...placeOf(type),
    resourceType: type,
    kind: 'database',
    tags: {},
    state: 'available',
    engine: 'postgres',
    instanceClass: 'db.m5.large',
    storageGiB: 100,
    storageType: 'gp3',
    createTime: '2025-01-01T00:00:00.000Z',
    replicaOf: null,
    replicas: [],
    clusterId: null,
    multiZone: false,
    deletionProtection: false,
    publiclyAccessible: false,
    ...over,
  };
}

/** What a CNAPP's copy says of a resource that is only reported. */
export function resource(type: ResourceType, attributes: Record<string, string | number | boolean | null>): CloudFacts {
  if (kindOf(type) !== 'resource') throw new Error(`${type} is described by its cloud`);
  return {
    ...placeOf(type),
    resourceType: type,
    kind: 'resource',
    tags: {},
    state: 'active',
    createTime: '2025-01-01T00:00:00.000Z',
    attributes,
  };
}

/** An old day, for attributes that say since when. */
export const LONG_AGO = '2025-02-03T04:05:06.000Z';
/** The day before the fixtures' now. */
export const YESTERDAY = '2026-05-21T12:00:00.000Z';

/** `value` in one hour ten hours before the end, `other` in the rest. */
export const once =
  (value: number, other = 0) =>
  (hoursBack: number) =>
    hoursBack === 10 ? value : other;

/** For rules about one configuration alone: the facts that meet it, and each change that does not. */
export function configured(facts: CloudFacts, ...busy: RuleCase['busy']): RuleCase {
  return { facts, busy };
}

export const inUse = (attribute: string, value: string | number | boolean): RuleCase['busy'][number] => ({
  ...(attribute.startsWith('facts.')
    ? { facts: { [attribute.slice('facts.'.length)]: value } }
    : { attributes: { [attribute]: value } }),
  because: attribute === 'facts.state' ? `not-applicable:state-${String(value)}` : `in-use:${attribute}`,
});

export const above = (metric: string, values: RuleCaseValues): RuleCase['busy'][number] => ({
  series: { [metric]: values },
  because: `above-limit:${metric}`,
});

type RuleCaseValues = NonNullable<RuleCase['series']>[string];
