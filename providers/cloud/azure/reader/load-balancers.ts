import { z } from 'zod';
import type { Readings } from '../../../../ports/rows.ts';
import type { AssetRef } from '../../../../schemas/asset.ts';
import type { LoadBalancerFacts } from '../../../../schemas/cloud-facts.ts';
import { factsFrom, readFound } from '../../shared/found-rows.ts';
import type { AzureSession } from '../clients.ts';
import { idOf, parseId } from '../ids.ts';
import { getOrNull, listAll, rowsById, rowsOf } from './list-all.ts';
import { type Lock, lockedBy } from './locks.ts';
import { Instant, OptionalText, parseAzure, SubResource, Tags, unknownWord } from './parse.ts';

const Pool = z.object({
  id: z.string(),
  backendIPConfigurations: z.array(SubResource.partial()).nullish(),
  loadBalancerBackendAddresses: z
    .array(
      z.object({
        name: OptionalText,
        ipAddress: OptionalText,
        networkInterfaceIPConfiguration: SubResource.partial().nullish(),
      }),
    )
    .nullish(),
});

const WireBalancer = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: Tags,
  provisioningState: OptionalText,
  frontendIPConfigurations: z
    .array(
      z.object({
        privateIPAddress: OptionalText,
        publicIPAddress: SubResource.partial().nullish(),
        publicIPPrefix: SubResource.partial().nullish(),
      }),
    )
    .nullish(),
  backendAddressPools: z.array(Pool).nullish(),
  loadBalancingRules: z.array(SubResource.partial()).nullish(),
  inboundNatRules: z
    .array(SubResource.partial().extend({ backendIPConfiguration: SubResource.partial().nullish() }))
    .nullish(),
  inboundNatPools: z.array(SubResource.partial()).nullish(),
});
type WireBalancer = z.infer<typeof WireBalancer>;

const OPERATION = 'Microsoft.Network/loadBalancers/read';
const CREATED = 'Microsoft.Resources/subscriptions/resources/read';
const Created = z.object({ id: z.string(), createdTime: Instant.nullish() });

/** Only the list of all resources says when a load balancer was made. Ids in lower case. Throws ProviderError. */
export async function readCreatedTimes(
  session: AzureSession,
  subscriptionId: string,
): Promise<ReadonlyMap<string, string>> {
  const query = new URLSearchParams({
    $filter: "resourceType eq 'Microsoft.Network/loadBalancers'",
    $expand: 'createdTime',
    'api-version': '2021-04-01',
  });
  const rows = await session.arm.list(`/subscriptions/${subscriptionId}/resources?${query.toString()}`, CREATED);
  // One that cannot be read is one without a time, which its load balancer is refused for.
  const { rows: read } = readFound(rowsById(rows, CREATED), (row) => parseAzure(Created, row, CREATED));
  return new Map([...read].flatMap(([id, row]) => (row.createdTime ? [[id, row.createdTime]] : [])));
}

export interface BalancerContext {
  readonly created: ReadonlyMap<string, string>;
  /** Null: not read, and so not known. */
  readonly locks: readonly Lock[] | null;
}

export async function describeLoadBalancers(
  session: AzureSession,
  assets: readonly AssetRef[],
  context: BalancerContext,
): Promise<Readings<LoadBalancerFacts>> {
  const { loadBalancers } = session.network;
  const found = await rowsOf(
    assets.map((a) => a.assetKey),
    OPERATION,
    {
      all: () => listAll(loadBalancers.listAll(), OPERATION),
      one: (id) => {
        const { resourceGroup = '', name = '' } = parseId(id) ?? {};
        return getOrNull(loadBalancers.get(resourceGroup, name), OPERATION);
      },
    },
  );
  return factsFrom(assets, found, (asset, row) => toFacts(asset, parseAzure(WireBalancer, row, OPERATION), context));
}

function toFacts(asset: AssetRef, row: WireBalancer, { created, locks }: BalancerContext): LoadBalancerFacts {
  const createdTime = created.get(asset.assetKey);
  if (createdTime === undefined)
    throw unknownWord(CREATED, {
      field: 'createdTime',
      found: null,
      fix: 'the list of resources does not say when it was made, so its age is not known',
    });
  const frontends = row.frontendIPConfigurations ?? [];
  const isPublic = frontends.some((f) => f.publicIPAddress?.id || f.publicIPPrefix?.id);
  const backends = backendsOf(row);
  return {
    ...asset,
    kind: 'load-balancer',
    region: row.location,
    tags: row.tags,
    state:
      row.provisioningState === 'Succeeded' ? 'active' : row.provisioningState === 'Failed' ? 'failed' : 'provisioning',
    name: row.name,
    loadBalancerType: 'network',
    scheme: isPublic ? 'internet-facing' : 'internal',
    dnsName: frontends.flatMap((f) => f.publicIPAddress?.id ?? f.privateIPAddress ?? [])[0] ?? '',
    createdTime,
    deletionProtection: locks === null ? null : lockedBy(locks, asset.assetKey).deleting,
    registeredTargets: backends,
    // Health is a metric here; who is registered counts as healthy, so that nobody is taken for dead.
    healthyTargets: backends,
    backendGroupIds: (row.backendAddressPools ?? []).map((pool) => idOf(pool.id)),
    listenerIds: [
      ...(row.loadBalancingRules ?? []),
      ...(row.inboundNatRules ?? []),
      ...(row.inboundNatPools ?? []),
    ].flatMap((rule) => (rule.id ? idOf(rule.id) : [])),
  };
}

/** Machines behind it, by network card, by address, or by a port of their own; a pool of ports stands for a scale set. */
function backendsOf(row: WireBalancer): number {
  const found = new Set<string>();
  for (const pool of row.backendAddressPools ?? []) {
    for (const config of pool.backendIPConfigurations ?? []) if (config.id) found.add(idOf(config.id));
    for (const one of pool.loadBalancerBackendAddresses ?? [])
      found.add(idOf(one.networkInterfaceIPConfiguration?.id ?? one.ipAddress ?? one.name ?? 'unnamed'));
  }
  for (const rule of row.inboundNatRules ?? [])
    if (rule.backendIPConfiguration?.id) found.add(idOf(rule.backendIPConfiguration.id));
  for (const pool of row.inboundNatPools ?? []) found.add(idOf(pool.id ?? 'pool'));
  return found.size;
}
