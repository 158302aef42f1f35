import { providerOf } from '../../../domain/resource-kinds.ts';
import { accountProblem, regionOf, valueOf } from '../../../domain/cloud-ids/index.ts';
import type { ResourceType } from '../../../schemas/asset.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { IdleSignal } from '../../../ports/cnapp.ts';
import { type Alert, readAlerts } from './alerts.ts';
import { refOf } from './asset-key.ts';
import type { PrismaParts } from './context.ts';
import { readInventoryRow } from './inventory-row.ts';
import { field } from './raw.ts';
import { Moment } from './rows.ts';
import { configQuery } from './rql.ts';
import { searchAll } from './search.ts';

interface Signal {
  readonly kind: string;
  readonly title: string;
  /** Narrows what is read; what comes back is looked at again, because configurations differ in their words. */
  readonly rule: string;
}
const unattached = (rule: string): Signal => ({ kind: 'unattached', title: 'Attached to no machine', rule });
const unassociated = (rule: string): Signal => ({ kind: 'unassociated', title: 'Address in no use', rule });
const stopped = (rule: string): Signal => ({ kind: 'stopped', title: 'Stopped', rule });

const SIGNALS: Partial<Record<ResourceType, Signal>> = {
  'AWS::EC2::Instance': stopped('state.name equals "stopped"'),
  'AWS::EC2::Volume': unattached('attachments[*] size equals 0'),
  'AWS::EC2::EIP': unassociated('associationId does not exist'),
  'Microsoft.Compute/virtualMachines': stopped('powerState contains "deallocated"'),
  'Microsoft.Compute/disks': unattached('managedBy does not exist'),
  'Microsoft.Network/publicIPAddresses': unassociated("['properties.ipConfiguration'] does not exist"),
  'compute.googleapis.com/Instance': stopped('status equals "TERMINATED"'),
  'compute.googleapis.com/Disk': unattached('users does not exist'),
  'compute.googleapis.com/Address': unassociated('status equals "RESERVED"'),
};

/**
 * The platform measures no use. What it can say is what configuration shows (nothing attached, stopped) and what policies
 * about inactivity have found (`inactiveSinceTs`).
 */
export async function readIdleSignals(
  parts: PrismaParts,
  query: { readonly accountId: string; readonly region: string },
): Promise<readonly IdleSignal[]> {
  const types = (Object.keys(SIGNALS) as ResourceType[]).filter(
    (type) => accountProblem(providerOf(type), query.accountId) === null,
  );
  const lists = await Promise.all([...types.map((type) => byConfiguration(parts, query, type)), byAlert(parts, query)]);
  return lists.flat();
}

async function byConfiguration(
  parts: PrismaParts,
  query: { readonly accountId: string; readonly region: string },
  type: ResourceType,
): Promise<IdleSignal[]> {
  const apiName = parts.names.apiName(type);
  const signal = SIGNALS[type];
  if (apiName === null || !signal) return [];
  const regionName = parts.names.region(query.region);
  const text = configQuery({
    cloud: providerOf(type),
    apiName,
    accountName: await parts.accounts.nameOf(query.accountId),
    regionName,
    status: 'Active',
    rule: signal.rule,
  });
  // A name that is refused is reported with the inventory.
  const rows = await searchAll(parts.cspm, text, parts.maxPages).catch((error: unknown) => {
    if (isProviderError(error, 'terminal') && error.status === 400) return [];
    throw error;
  });
  return rows.flatMap((node) => {
    const row = readInventoryRow(node, { query, type, oneRegion: regionName !== null });
    if (row.kind !== 'asset' || row.asset.status !== 'inactive') return [];
    const observedAt = row.asset.lastSeenAt ?? new Date(parts.clock()).toISOString();
    return [{ assetKey: row.asset.assetKey, kind: signal.kind, title: signal.title, observedAt }];
  });
}

async function byAlert(
  parts: PrismaParts,
  query: { readonly accountId: string; readonly region: string },
): Promise<IdleSignal[]> {
  const filters = { 'cloud.accountId': query.accountId, 'alert.status': 'open', 'policy.type': 'config' };
  const { rows: alerts } = await readAlerts(parts.cspm, filters, parts.maxPages);
  return alerts.flatMap((alert) => inactivity(parts, query, alert) ?? []);
}

function inactivity(
  parts: PrismaParts,
  query: { readonly accountId: string; readonly region: string },
  alert: Alert,
): IdleSignal | null {
  const since = Moment.safeParse(field(alert.resource?.additionalInfo, 'inactiveSinceTs')).data;
  const type = parts.names.typeOf(alert.resource?.resourceApiName ?? '');
  const id = alert.resource?.id;
  if (!since || !type || !id) return null;
  const ref = refOf({ type, ...query, id, raw: alert.resource?.data });
  const said = valueOf(regionOf(providerOf(type), alert.resource?.regionId || 'global'));
  if (ref?.region !== query.region || said !== query.region) return null;
  const title = `${alert.policy?.name ?? 'Inactive'} (inactive since ${since.slice(0, 10)})`;
  return { assetKey: ref.assetKey, kind: 'inactive', title, observedAt: alert.lastUpdated ?? since };
}
