import type { CloudWorld } from '../clouds/world.ts';
import { ArmRefusal, notFound } from './arm-error.ts';
import { diskRow, disksOf, snapshotRow, vmRow, vmStatusRow } from './compute.ts';
import { addressRows, balancerRows, nicRows } from './network.ts';
import { keyFor, spelled } from './spell.ts';
import { instanceRow } from './sql.ts';

type Row = Record<string, unknown>;

const SIZES = [2, 4, 8, 16, 32, 48, 64, 96].flatMap((n) => [
  `Standard_D${n}s_v5`,
  `Standard_D${n}s_v3`,
  `Standard_E${n}s_v5`,
]);
const BURSTABLE = ['B1s', 'B1ms', 'B2s', 'B2ms', 'B4ms', 'B8ms'].map((size) => `Standard_${size}`);

/** Every resource of a type in a subscription. @throws ArmRefusal for a type that does not exist here */
export function rowsOfType(
  world: CloudWorld,
  subscription: string,
  ask: { type: string; query: URLSearchParams },
): Row[] {
  const ofKind = (kind: string) => world.all().filter((r) => r.kind === kind && r.accountId === subscription);
  const allocated = (key: string) => world.state.allocated?.includes(key) ?? false;
  switch (ask.type) {
    case 'microsoft.compute/virtualmachines':
      return ofKind('instance').map((vm) =>
        ask.query.get('statusOnly') === 'true'
          ? vmStatusRow(vm, allocated(vm.key))
          : vmRow(vm, {
              view: ask.query.get('$expand')?.toLowerCase() === 'instanceview',
              allocated: allocated(vm.key),
            }),
      );
    case 'microsoft.compute/disks':
      return disksOf(world, subscription).map(diskRow);
    case 'microsoft.compute/snapshots':
      return world.state.snapshots
        .filter((s) => s.accountId === subscription && !s.gone)
        .map((s) => snapshotRow(world, s));
    case 'microsoft.network/networkinterfaces':
      return nicRows(world, subscription);
    case 'microsoft.network/publicipaddresses':
      return addressRows(world, subscription);
    case 'microsoft.network/loadbalancers':
      return balancerRows(world, subscription);
    case 'microsoft.sql/managedinstances':
      return ofKind('database').map((db) => instanceRow(world, db));
    default:
      throw new ArmRefusal(404, 'InvalidResourceType', `The resource type ${ask.type} could not be found.`);
  }
}

/** One resource. @throws ArmRefusal */
export function oneRow(
  world: CloudWorld,
  subscription: string,
  ask: { type: string; name: string; query: URLSearchParams },
): Row {
  const wanted = keyFor(subscription, ask.type, ask.name);
  const row = rowsOfType(world, subscription, ask).find(
    (r) => keyFor(subscription, ask.type, String(r['name'])) === wanted,
  );
  if (row === undefined) throw notFound(wanted);
  return row;
}

export function sizesOf(): Row[] {
  return [...SIZES, ...BURSTABLE].map((name) => ({ name, numberOfCores: 2, maxDataDiskCount: 4, memoryInMB: 8192 }));
}

/** Locks that hold on single resources. */
export function lockRows(world: CloudWorld, subscription: string): Row[] {
  return world
    .all()
    .filter((r) => r.protected && r.accountId === subscription)
    .map((r) => {
      const type = world.assets.find((a) => a.assetKey === r.key)?.resourceType ?? '';
      const scope = spelled(subscription, type, r.name);
      return {
        id: `${scope}/providers/Microsoft.Authorization/locks/keep`,
        name: 'keep',
        type: 'Microsoft.Authorization/locks',
        properties: { level: 'CanNotDelete', notes: 'asked for by its owner' },
      };
    });
}

/** Only this list says when something was made. */
export function resourceRows(world: CloudWorld, subscription: string, filter: string): Row[] {
  const type = /resourceType eq '([^']+)'/.exec(filter)?.[1]?.toLowerCase();
  return world
    .all()
    .filter((r) => r.accountId === subscription)
    .flatMap((r) => {
      const own = world.assets.find((a) => a.assetKey === r.key)?.resourceType;
      if (own === undefined || (type !== undefined && own.toLowerCase() !== type)) return [];
      const createdTime = new Date(r.createdAt).toISOString();
      return [{ id: spelled(subscription, own, r.name), name: r.name, type: own, location: r.region, createdTime }];
    });
}
