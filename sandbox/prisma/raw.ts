import { kindOf } from '../estate/kinds.ts';
import { keyOf } from '../estate/random.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { azureId, cloudId, cloudOf } from './catalogue.ts';
import type { CloudState, Json, Row } from './types.ts';

/** The configuration of an asset as the platform keeps it: what the cloud's own list call gives. */
export function rawOf(estate: Estate, asset: SeededAsset, state: CloudState): Row {
  switch (cloudOf(asset)) {
    case 'aws':
      return awsRaw(asset, state);
    case 'azure':
      return azureRaw(asset, state);
    case 'gcp':
      return googleRaw(estate, asset, state);
  }
}

const publicIp = (asset: SeededAsset): string => {
  const key = keyOf(7, `ip/${asset.name}`);
  return `198.51.${key % 250}.${(key >>> 9) % 250}`;
};
const isStopped = (asset: SeededAsset, state: CloudState): boolean =>
  state !== 'present' || asset.instance?.stopped === true;
const isUsed = (asset: SeededAsset): boolean => (asset.volume?.attachedTo ?? asset.address?.attachedTo) !== undefined;

function awsRaw(asset: SeededAsset, state: CloudState): Row {
  const tags = Object.entries(asset.tags).map(([key, value]) => ({ key, value }));
  const id = asset.resourceId;
  switch (kindOf(asset.resourceType)) {
    case 'instance': {
      const stopped = isStopped(asset, state);
      const reachable = !stopped && (asset.instance?.publicIp === true || asset.posture.internetExposed);
      return {
        instanceId: id,
        instanceType: asset.instance?.instanceType ?? 'm5.large',
        state: stopped ? { code: 80, name: 'stopped' } : { code: 16, name: 'running' },
        placement: { availabilityZone: `${asset.region}a`, tenancy: 'default' },
        ...(reachable ? { publicIpAddress: publicIp(asset) } : {}),
        tags,
      };
    }
    case 'volume': {
      const { sizeGiB = 100, volumeType = 'gp3', attachedTo } = asset.volume ?? {};
      const attachments: Json = attachedTo ? [{ instanceId: attachedTo, state: 'attached' }] : [];
      return { volumeId: id, state: attachedTo ? 'in-use' : 'available', size: sizeGiB, volumeType, attachments, tags };
    }
    case 'address':
      return {
        allocationId: id,
        domain: 'vpc',
        publicIp: publicIp(asset),
        ...(isUsed(asset) ? { associationId: 'eipassoc-01' } : {}),
        tags,
      };
    case 'load-balancer':
      return {
        loadBalancerArn: id,
        loadBalancerName: asset.name,
        type: asset.loadBalancer?.type ?? 'application',
        scheme: asset.posture.internetExposed ? 'internet-facing' : 'internal',
        state: { code: 'active' },
        tags,
      };
    case 'database':
    case 'resource':
      return {
        dbinstanceIdentifier: id,
        dbinstanceArn: asset.assetKey,
        dbinstanceStatus: isStopped(asset, state) ? 'stopped' : 'available',
        publiclyAccessible: asset.posture.internetExposed,
        tagList: tags,
      };
  }
}

/** Prisma keeps some of Azure's nested names as one key with dots. */
function azureRaw(asset: SeededAsset, state: CloudState): Row {
  const base = { id: azureId(asset), name: asset.name, location: asset.region, tags: { ...asset.tags } };
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return {
        ...base,
        powerState: isStopped(asset, state) ? 'PowerState/deallocated' : 'PowerState/running',
        'properties.hardwareProfile': { vmSize: asset.instance?.instanceType ?? 'Standard_D2s_v3' },
      };
    case 'volume':
      return {
        ...base,
        diskSizeGB: asset.volume?.sizeGiB ?? 128,
        diskState: isUsed(asset) ? 'Attached' : 'Unattached',
        ...(isUsed(asset) ? { managedBy: `${base.id}-vm` } : {}),
      };
    case 'address':
      return {
        ...base,
        'properties.ipAddress': publicIp(asset),
        ...(isUsed(asset) ? { 'properties.ipConfiguration': { id: `${base.id}-nic` } } : {}),
      };
    default:
      return { ...base, 'properties.state': isStopped(asset, state) ? 'Stopped' : 'Ready' };
  }
}

/** Google's `tags` are network tags; what people write are labels. */
function googleRaw(estate: Estate, asset: SeededAsset, state: CloudState): Row {
  const path = asset.assetKey.replace(/^\/\/[^/]+\//, '');
  const sql = kindOf(asset.resourceType) === 'database';
  const base = {
    id: cloudId(estate.seed, asset),
    name: asset.name,
    selfLink: sql
      ? `https://sqladmin.googleapis.com/sql/v1beta4/${path}`
      : `https://www.googleapis.com/compute/v1/${path}`,
    labels: { ...asset.tags },
  };
  switch (kindOf(asset.resourceType)) {
    case 'instance':
      return {
        ...base,
        status: isStopped(asset, state) ? 'TERMINATED' : 'RUNNING',
        tags: { fingerprint: 'x1', items: ['http-server'] },
        networkInterfaces: [
          { networkIP: '10.1.0.4', accessConfigs: asset.posture.internetExposed ? [{ natIP: publicIp(asset) }] : [] },
        ],
      };
    case 'volume':
      return { ...base, sizeGb: String(asset.volume?.sizeGiB ?? 100), ...(isUsed(asset) ? { users: ['vm'] } : {}) };
    case 'address':
      return { ...base, address: publicIp(asset), status: isUsed(asset) ? 'IN_USE' : 'RESERVED' };
    default:
      return { ...base, state: isStopped(asset, state) ? 'SUSPENDED' : 'RUNNABLE' };
  }
}
