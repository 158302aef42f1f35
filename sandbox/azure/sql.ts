import type { WorldResource } from '../clouds/types.ts';
import type { CloudWorld } from '../clouds/world.ts';
import { spelled } from './spell.ts';

const TYPE = 'Microsoft.Sql/managedInstances';
const STATE = { running: 'Ready', stopping: 'Stopping', stopped: 'Stopped', starting: 'Starting' } as const;

export function instanceRow(world: CloudWorld, db: WorldResource): Record<string, unknown> {
  const seeded = world.assets.find((a) => a.assetKey === db.key)?.database;
  const [, sku = 'GP_Gen5', cores = '4'] = /^(.*)_(\d+)$/.exec(db.size ?? '') ?? [];
  return {
    id: spelled(db.accountId, TYPE, db.name),
    name: db.name,
    type: TYPE,
    location: db.region,
    tags: db.tags,
    sku: {
      name: sku,
      tier: sku.startsWith('GP') ? 'GeneralPurpose' : 'BusinessCritical',
      family: 'Gen5',
      capacity: Number(cores),
    },
    properties: {
      provisioningState: 'Succeeded',
      state: STATE[db.power ?? 'running'],
      vCores: Number(cores),
      storageSizeInGB: seeded?.storageGiB ?? 32,
      zoneRedundant: seeded?.multiZone ?? false,
      publicDataEndpointEnabled: false,
      fullyQualifiedDomainName: `${db.name}.0123456789ab.database.windows.net`,
      subnetId: `${spelled(db.accountId, 'Microsoft.Network/virtualNetworks', 'vnet-acme')}/subnets/mi`,
    },
  };
}
