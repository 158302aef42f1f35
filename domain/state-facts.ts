import type { CloudFacts, InstanceFacts } from '../schemas/cloud-facts.ts';

type FactValue = string | number | boolean | null | readonly string[] | Readonly<Record<string, string>>;

/**
 * The facts a plan depends on, in one canonical shape: sets are sorted, and what changes by itself or by our own stop is left
 * out (addresses handed out by the cloud, start and stop times, target health). The state digest of a plan is the digest of
 * this object. Facts must come from a full read: an unread attribute is null and differs from a known one.
 */
export function planRelevantFacts(facts: CloudFacts): Readonly<Record<string, FactValue>> {
  const common = {
    assetKey: facts.assetKey,
    accountId: facts.accountId,
    region: facts.region,
    resourceType: facts.resourceType,
    resourceId: facts.resourceId,
    tags: facts.tags,
    state: facts.state,
  };
  switch (facts.kind) {
    case 'instance':
      return { ...common, ...instanceFacts(facts) };
    case 'volume':
      return {
        ...common,
        sizeGiB: facts.sizeGiB,
        volumeType: facts.volumeType,
        iops: facts.iops,
        throughput: facts.throughput,
        encrypted: facts.encrypted,
        encryptionKeyId: facts.encryptionKeyId,
        multiAttach: facts.multiAttach,
        createTime: facts.createTime,
        zone: facts.zone,
        attachedInstanceIds: sorted(facts.attachedInstanceIds),
      };
    case 'address':
      return {
        ...common,
        publicIp: facts.publicIp,
        associationId: facts.associationId,
        instanceId: facts.instanceId,
        networkInterfaceId: facts.networkInterfaceId,
      };
    case 'load-balancer':
      return {
        ...common,
        name: facts.name,
        loadBalancerType: facts.loadBalancerType,
        scheme: facts.scheme,
        dnsName: facts.dnsName,
        createdTime: facts.createdTime,
        deletionProtection: facts.deletionProtection,
        registeredTargets: facts.registeredTargets,
        backendGroupIds: sorted(facts.backendGroupIds),
        listenerIds: sorted(facts.listenerIds),
      };
    case 'database':
      return {
        ...common,
        engine: facts.engine,
        instanceClass: facts.instanceClass,
        storageGiB: facts.storageGiB,
        storageType: facts.storageType,
        createTime: facts.createTime,
        replicaOf: facts.replicaOf,
        replicas: sorted(facts.replicas),
        clusterId: facts.clusterId,
        multiZone: facts.multiZone,
        deletionProtection: facts.deletionProtection,
      };
    case 'resource':
      return { ...common, createTime: facts.createTime };
  }
}

/** Names every changed fact, e.g. `drift:instanceType`, `drift:tags.env`; empty when the plan still fits. */
export function driftBetween(before: CloudFacts, after: CloudFacts): string[] {
  const was = planRelevantFacts(before);
  const is = planRelevantFacts(after);
  const names = new Set<string>();
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (key === 'tags') for (const tag of changedTags(before.tags, after.tags)) names.add(`drift:tags.${tag}`);
    else if (JSON.stringify(was[key]) !== JSON.stringify(is[key])) names.add(`drift:${key}`);
  }
  return [...names].sort();
}

/**
 * The same facts as if the asset were still in `state`. Used after our own INTENT, so that the effect we caused ourselves
 * (running → stopped) does not count as drift; everything else still does.
 */
export function withExpectedState<T extends CloudFacts>(facts: T, state: T['state']): T {
  return { ...facts, state };
}

function instanceFacts(facts: InstanceFacts): Readonly<Record<string, FactValue>> {
  return {
    instanceType: facts.instanceType,
    architecture: facts.architecture,
    imageId: facts.imageId,
    zone: facts.zone,
    subnetId: facts.subnetId,
    networkId: facts.networkId,
    firewallIds: sorted(facts.firewallIds),
    privateIp: facts.privateIp,
    staticAddressId: facts.staticAddressId,
    workloadIdentity: facts.workloadIdentity,
    scalingGroup: facts.scalingGroup,
    managedBy: facts.managedBy,
    spot: facts.spot,
    tenancy: facts.tenancy,
    rootDisk: facts.rootDisk,
    localDisks: facts.localDisks,
    deletionProtection: facts.deletionProtection,
    stopProtection: facts.stopProtection,
    shutdownBehavior: facts.shutdownBehavior,
    hibernationConfigured: facts.hibernationConfigured,
    volumes: sorted(
      facts.volumes.map((v) =>
        [v.volumeId, v.device, v.deletedWithInstance, v.sizeGiB, v.volumeType, v.encrypted].join(' '),
      ),
    ),
    backendGroupIds: sorted(facts.backendGroupIds),
  };
}

function changedTags(was: Readonly<Record<string, string>>, is: Readonly<Record<string, string>>): string[] {
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys].filter(
    (key) =>
      Object.hasOwn(was, key) !== Object.hasOwn(is, key) ||
      (Object.hasOwn(was, key) ? was[key] : undefined) !== (Object.hasOwn(is, key) ? is[key] : undefined),
  );
}

function sorted(values: readonly string[]): string[] {
  return [...values].sort();
}
