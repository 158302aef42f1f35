import { kindOf } from '../../../domain/resource-kinds.ts';
import type { ResourceType } from '../../../schemas/resource-type.ts';
import type { IdleSignal } from '../../../ports/cnapp.ts';
import type { AccountFacts } from './account-facts.ts';
import { listAt } from './fields.ts';
import type { Inventory } from './inventory.ts';
import type { Collected } from './inventory-row.ts';
import type { Machine } from './machine.ts';
import type { Reader } from './reading.ts';
import { cloudOf } from './resource-types.ts';
import { isAttached } from './status.ts';
import { refOfUrn } from './urn.ts';

/** What signs are looked for in, by cloud. AWS volumes are read from their own source. */
const LOOKED_AT: Readonly<Record<string, readonly ResourceType[]>> = {
  aws: ['AWS::EC2::Instance'],
  azure: ['Microsoft.Compute/virtualMachines', 'Microsoft.Compute/disks'],
  gcp: ['compute.googleapis.com/Instance', 'compute.googleapis.com/Disk'],
};

export interface IdleReader extends Reader {
  readonly clock: () => number;
  readonly inventory: Inventory;
  readonly facts: AccountFacts;
}

/**
 * Lacework has no opinion on use, and no utilisation; this is what its data shows: volumes attached to nothing, machines that
 * are stopped, and running machines whose agent fell silent.
 */
export async function idleSignals(
  reader: IdleReader,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): Promise<readonly IdleSignal[]> {
  const cloud = cloudOf(accountId);
  const everything = await reader.inventory.everything(accountId, LOOKED_AT[cloud] ?? []);
  const here = everything.filter((c) => c.asset.region === region);
  const machines = await reader.facts.machines(accountId);
  const signals = here.flatMap((collected) => {
    const kind = kindOf(collected.asset.resourceType);
    if (kind === 'volume') return detached(collected);
    return stopped(collected) ?? silent(collected, machines.get(collected.machineId ?? ''), reader);
  });
  return cloud === 'aws' ? [...signals, ...(await detachedVolumes(reader, accountId, region))] : signals;
}

/** The source of volumes has no time in it: they were so when they were asked for. */
async function detachedVolumes(reader: IdleReader, accountId: string, region: string): Promise<IdleSignal[]> {
  const observedAt = new Date(reader.clock()).toISOString();
  const rows = await reader.facts.volumes(accountId);
  return rows.flatMap((row) => {
    const unattached =
      Array.isArray(row.configuration['Attachments']) && listAt(row.configuration, 'Attachments').length === 0;
    const ref = refOfUrn(row.arn ?? '', { accountId, region: row.region, types: ['AWS::EC2::Volume'] });
    if (!unattached || !ref.ok || ref.value.region !== region) return [];
    return [
      { assetKey: ref.value.assetKey, kind: 'unattached', title: 'Volume that is attached to nothing', observedAt },
    ];
  });
}

function detached({ asset, collectedAt }: Collected): IdleSignal[] {
  if (isAttached(asset.attributes ?? {}) !== 'inactive') return [];
  const title = 'Disk that is attached to nothing';
  return [{ assetKey: asset.assetKey, kind: 'unattached', title, observedAt: collectedAt }];
}

function stopped({ asset, collectedAt }: Collected): IdleSignal[] | null {
  if (asset.status !== 'inactive') return null;
  return [{ assetKey: asset.assetKey, kind: 'stopped', title: 'Machine that is stopped', observedAt: collectedAt }];
}

/** Only a machine that had an agent within the week can have fallen silent. */
function silent({ asset }: Collected, machine: Machine | undefined, { config, clock }: IdleReader): IdleSignal[] {
  if (asset.status !== 'active' || machine === undefined || machine.mid === null) return [];
  const quiet = clock() - Date.parse(machine.lastSeenAt);
  if (!(quiet > config.agentSilence)) return [];
  const title = `Running machine whose agent was last heard of ${Math.floor(quiet / 3_600_000)} hours ago`;
  return [{ assetKey: asset.assetKey, kind: 'agent-silent', title, observedAt: machine.lastSeenAt }];
}
