import { kindOf } from '../estate/kinds.ts';
import type { ResourceKind } from '../../schemas/resource-type.ts';
import type { Estate, SeededAsset } from '../estate/types.ts';
import { type Row, type Store, stableId } from './store.ts';

const SEEDER = 'discovery';
const CI_CLASS = {
  instance: 'cmdb_ci_vm_instance',
  volume: 'cmdb_ci_storage_volume',
  address: 'cmdb_ci_cloud_public_ipaddress',
  'load-balancer': 'cmdb_ci_cloud_load_balancer',
  database: 'cmdb_ci_cloud_database',
  resource: 'cmdb_ci_vm_object',
} as const satisfies Record<ResourceKind, string>;
const CRITICALITY = ['1 - most critical', '2 - somewhat critical', '3 - less critical', '4 - not critical'];
const SERVICE = ['Customer payments', 'Customer portal', 'Back office', 'Internal tools'];
const ENVIRONMENTS = ['prod', 'dev', 'test', 'staging', 'sandbox'];

/** Fills users, groups, configuration items and their relations from the estate. */
export function seedStore(
  store: Store,
  estate: Estate,
  people: { groups: readonly string[]; users: readonly Person[] },
) {
  const users = createUsers(store);
  for (const name of people.groups) users.group(name);
  for (const person of people.users) users.user(person);
  for (const account of estate.accounts)
    put(store, ['cmdb_ci_cloud_service_account', `account/${account.accountId}`], {
      name: account.name,
      account_id: account.accountId,
      object_id: account.accountId,
      datacenter_type: 'cmdb_ci_aws_datacenter',
      is_master_account: 'false',
    });
  for (const asset of estate.assets) if (asset.cmdb) seedAsset(store, asset, users);
}

/**
 * Resource ids and ARNs appear once the cloud has made the resources, which may be after this simulator has started.
 * Called before each request.
 */
export function refreshResourceIds(store: Store, estate: Estate): void {
  for (const asset of estate.assets) {
    const row = asset.cmdb && store.get('cmdb_ci_vm_object', ciId(asset));
    if (row) row.object_id = asset.resourceId;
  }
}

/** The sys_id of an asset's configuration item. */
export function ciId(asset: Pick<SeededAsset, 'name'>): string {
  return stableId('ci', asset.name);
}

export interface Person {
  readonly userName: string;
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

function seedAsset(store: Store, asset: SeededAsset, users: ReturnType<typeof createUsers>): void {
  const cmdb = asset.cmdb;
  if (!cmdb) return;
  const group = cmdb.supportGroup ? users.group(cmdb.supportGroup) : '';
  const owner = cmdb.ownerEmail
    ? users.user({ ...personOf(cmdb.ownerEmail), groups: cmdb.supportGroup ? [cmdb.supportGroup] : [] })
    : '';
  const ci = put(store, [CI_CLASS[kindOf(asset.resourceType)], asset.name], {
    sys_id: ciId(asset),
    name: asset.name,
    object_id: asset.resourceId,
    vm_inst_id: asset.name,
    environment: ENVIRONMENTS.includes(asset.environment) ? asset.environment : '',
    operational_status: '1',
    install_status: '1',
    owned_by: owner,
    support_group: group,
    maintenance_schedule: cmdb.maintenanceWindow
      ? put(store, ['cmn_schedule', cmdb.maintenanceWindow], {
          name: cmdb.maintenanceWindow,
          time_zone: 'UTC',
          type: 'maintenance',
        })
      : '',
  });
  if (cmdb.criticality !== null) {
    const service = put(store, ['cmdb_ci_service', `criticality/${cmdb.criticality}`], {
      name: SERVICE[cmdb.criticality - 1] ?? '',
      busines_criticality: CRITICALITY[cmdb.criticality - 1] ?? '',
      operational_status: '1',
    });
    relate(store, service, ci);
  }
  for (const name of cmdb.dependents)
    relate(store, put(store, ['cmdb_ci_appl', name], { name, operational_status: '1' }), ci);
  const tags = { ...asset.tags, ...(cmdb.disasterRecoveryRole ? { 'dr-role': cmdb.disasterRecoveryRole } : {}) };
  for (const [key, value] of Object.entries(tags))
    put(store, ['cmdb_key_value', `${asset.name}/${key}`], { configuration_item: ci, key, value });
}

function relate(store: Store, parent: string, child: string): void {
  const type = put(store, ['cmdb_rel_type', 'Depends on::Used by'], { name: 'Depends on::Used by' });
  put(store, ['cmdb_rel_ci', `${parent}/${child}`], { parent, child, type });
}

/** Inserts a seeded row unless it is there; returns its sys_id. */
function put(store: Store, [table, key]: readonly [table: string, key: string], values: Row): string {
  const sysId = values.sys_id ?? stableId(table, key);
  if (!store.get(table, sysId)) store.insert(table, { ...values, sys_id: sysId }, SEEDER);
  return sysId;
}

/** Users and groups made on first mention. */
export function createUsers(store: Store) {
  const group = (name: string) => put(store, ['sys_user_group', name], { name, active: 'true' });
  const user = (person: Person) => {
    const { name, email, userName } = person;
    const id = put(store, ['sys_user', userName], { user_name: userName, name, email, active: 'true' });
    for (const groupName of person.groups)
      put(store, ['sys_user_grmember', `${userName}/${groupName}`], { user: id, group: group(groupName) });
    return id;
  };
  return { group, user };
}

/** `ana.silva@example.com` is Ana Silva, who signs in as ana.silva. */
export function personOf(emailOrName: string): Person {
  const userName = emailOrName.split('@')[0]?.toLowerCase().replaceAll(' ', '.') ?? emailOrName;
  const name = userName.replace(
    /(^|[._-])([a-z])/g,
    (_, gap: string, letter: string) => `${gap && ' '}${letter.toUpperCase()}`,
  );
  return { userName, name, email: emailOrName.includes('@') ? emailOrName : `${userName}@example.com`, groups: [] };
}
