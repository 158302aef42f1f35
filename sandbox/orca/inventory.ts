import { providerOf } from '../estate/kinds.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { assetUniqueId, isMachine, iso, modelOf, uiUniqueField, uuid } from './ids.ts';
import type { Observation } from './state.ts';
import type { Json } from './types.ts';

/** One object of the serving layer: plain values by key, and the objects it is related to. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly assetUniqueId: string | null;
  readonly values: Readonly<Record<string, Json>>;
  readonly related: Readonly<Record<string, Thing>>;
}

export interface InventoryContext {
  readonly estate: Estate;
  readonly accountKey: string;
  readonly seenOf: (asset: SeededAsset) => Observation | undefined;
  readonly lastSeenOf: (asset: SeededAsset) => number;
}

export function accountThing(estate: Estate, accountId: string, accountKey: string): Thing {
  const name = estate.accounts.find((a) => a.accountId === accountId)?.name ?? accountId;
  return {
    id: uuid(estate.seed, `account/${accountId}`),
    name,
    type: 'CloudAccount',
    assetUniqueId: null,
    values: { Name: name, [accountKey]: accountId },
    related: {},
  };
}

/** One asset as its own model shows it, keys of Compute and Inventory included. */
export function assetThing(c: InventoryContext, asset: SeededAsset): Thing {
  const { estate } = c;
  const seen = c.seenOf(asset);
  const created = (estate.seededAt - asset.createdDaysAgo * 86_400) * 1000;
  const exposed = asset.posture.internetExposed && seen === undefined;
  // Addresses have neither an ARN nor a time of creation in this inventory.
  const address = asset.resourceType === 'AWS::EC2::EIP';
  return {
    id: uuid(estate.seed, asset.name),
    name: asset.name,
    type: modelOf(asset),
    assetUniqueId: assetUniqueId(estate, asset),
    values: {
      AssetUniqueId: assetUniqueId(estate, asset),
      Name: asset.name,
      Type: modelOf(asset),
      UiUniqueField: uiUniqueField(asset),
      ...(asset.assetKey.startsWith('arn:') && !address ? { Arn: asset.assetKey } : {}),
      ...(asset.resourceId.startsWith('i-') ? { InstanceId: asset.resourceId } : {}),
      State: stateOf(asset, seen),
      Region: asset.region,
      ...(address ? {} : { CreationTime: iso(created) }),
      FirstSeen: iso(created + 4 * 3_600_000),
      LastSeen: iso(c.lastSeenOf(asset)),
      Tags: { ...asset.tags },
      OrcaScore: exposed ? 7.2 : 3.1,
      Exposure: exposed ? 'Internet facing' : 'Internal',
      IsInternetFacing: exposed,
      IngressPorts: exposed ? [...asset.posture.openPorts] : [],
      SensitiveData: asset.posture.sensitiveData,
      Observations: observationsOf(asset),
      NewCategory: isMachine(asset) ? 'Compute Services' : 'Cloud Services',
      ...(asset.instance ? { InstanceType: asset.instance.instanceType } : {}),
      ...(asset.volume ? { VolumeSize: asset.volume.sizeGiB, VolumeType: asset.volume.volumeType } : {}),
      ...(asset.database ? { Engine: asset.database.engine, InstanceClass: asset.database.instanceClass } : {}),
    },
    related: { CloudAccount: accountThing(estate, asset.accountId, c.accountKey) },
  };
}

function observationsOf(asset: SeededAsset): Json[] {
  const found = [];
  if (asset.posture.sensitiveData) found.push('sensitive_data');
  if (asset.posture.adminPrivileges) found.push('admin_privileges');
  return found;
}

/** Each cloud has its own words, and there is always one that is newer than any client. */
function stateOf(asset: SeededAsset, seen: Observation | undefined): string {
  if (asset.name === 'devbox-2') return 'migrating';
  if (asset.volume) return asset.volume.attachedTo === undefined ? 'available' : 'in-use';
  if (asset.address) return asset.address.attachedTo === undefined ? 'unassociated' : 'associated';
  const stopped = seen?.state === 'stopped' || asset.instance?.stopped === true;
  switch (providerOf(asset.resourceType)) {
    case 'aws':
      return stopped ? 'stopped' : asset.instance ? 'running' : asset.database ? 'available' : 'active';
    case 'azure':
      return stopped ? 'VM deallocated' : asset.database ? 'Ready' : 'VM running';
    case 'gcp':
      return stopped ? 'TERMINATED' : asset.database ? 'RUNNABLE' : 'RUNNING';
  }
}
