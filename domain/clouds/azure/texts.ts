import type { AddressFacts, InstanceFacts, LoadBalancerFacts, VolumeFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionTexts } from '../port.ts';
import { command, hclLabel, hclString, sequence } from '../text.ts';

interface Place {
  readonly resourceId: string;
  readonly region: string;
}

/** One `az` command on resources named by their ids. */
const az = (group: string, operation: string, args: readonly string[]): string =>
  command('az', group, [operation, ...args]);
const nameOf = (id: string): string => id.split('/').at(-1) ?? '';
const groupOf = (id: string): string => /\/resourcegroups\/([^/]+)\//i.exec(id)?.[1] ?? '';
const plainly = (id: string): string => nameOf(id).replace(/[^\w.-]/g, '');

export function deallocateTexts(p: Place, facts: InstanceFacts | null): ActionTexts {
  const losesAddress = facts !== null && facts.publicIp !== null && facts.staticAddressId === null;
  const off = facts?.state === 'stopped-allocated';
  return {
    steps: [
      'Re-read the virtual machine and its locks, and refuse if anything in the plan has changed.',
      off
        ? 'Deallocate it: it is already shut down, but still placed and billed.'
        : 'Deallocate it and wait until it is. Disks and configuration stay; the temporary disk is emptied.',
      ...(losesAddress ? ['Its dynamic public address is given up and will be another one after a start.'] : []),
      'Rescan posture and check the next bill.',
    ],
    command: az('vm', 'deallocate', ['--ids', p.resourceId]),
    terraform: `# Terraform cannot hold a virtual machine deallocated; to give it up for good, delete the azurerm_linux_virtual_machine or azurerm_windows_virtual_machine block named ${hclString(nameOf(p.resourceId))}.`,
    rollback: off
      ? 'Nothing ran before; it can be started when it is needed, and may have to wait for capacity.'
      : `Start it again: ${az('vm', 'start', ['--ids', p.resourceId])}. May have to wait for capacity.`,
  };
}

export function deleteVmTexts(p: Place, facts: InstanceFacts | null): ActionTexts {
  const label = hclLabel(p.resourceId);
  const disks = facts?.volumes ?? [];
  const group = groupOf(p.resourceId);
  const kept = disks.filter((d) => !d.deletedWithInstance);
  const snapshotOf = (disk: { volumeId: string }) =>
    az('snapshot', 'create', [
      '--resource-group',
      group,
      '--name',
      `idlewise-${nameOf(disk.volumeId)}`,
      '--source',
      disk.volumeId,
      '--incremental',
      'true',
    ]);
  return {
    steps: [
      'Re-read the virtual machine and its locks, and refuse if anything in the plan has changed.',
      'Deallocate it and wait until it is, so that its disks are at rest.',
      disks.length === 1
        ? 'Snapshot its disk and wait until the copy is complete.'
        : `Snapshot ${disks.length === 0 ? 'all' : `its ${disks.length}`} disks and wait until every copy is complete.`,
      'Hold; then check the snapshots, the policy and the machine once more.',
      'Delete the machine. Locks that are set are never lifted.',
      ...(kept.length > 0
        ? [`${kept.length} of its disks are set to stay, and go on costing money until somebody decides on them.`]
        : []),
      'Rescan posture and check the next bill.',
    ],
    command: sequence([
      az('vm', 'deallocate', ['--ids', p.resourceId]),
      ...disks.map(snapshotOf),
      az('vm', 'delete', ['--ids', p.resourceId, '--yes']),
    ]),
    terraform: [
      ...disks.flatMap((disk, i) => [
        `resource "azurerm_snapshot" "${label}_${i}" {`,
        `  name                = ${hclString(`idlewise-${nameOf(disk.volumeId)}`)}`,
        `  location            = ${hclString(p.region)}`,
        `  resource_group_name = ${hclString(group)}`,
        '  create_option       = "Copy"',
        `  source_resource_id  = ${hclString(disk.volumeId)}`,
        '}',
        '',
      ]),
      `# After the snapshots are applied, delete the virtual machine block of ${plainly(p.resourceId)} and apply.`,
    ].join('\n'),
    rollback: 'Create disks from the snapshots and a new machine from them; its private address may be another one.',
  };
}

export function resizeTexts(p: Place, change: { from: string; to: string }): ActionTexts {
  const to = (size: string) =>
    sequence([
      az('vm', 'deallocate', ['--ids', p.resourceId]),
      az('vm', 'resize', ['--ids', p.resourceId, '--size', size]),
      az('vm', 'start', ['--ids', p.resourceId]),
    ]);
  return {
    steps: [
      'Re-read the virtual machine and its locks, and refuse if anything in the plan has changed.',
      `Deallocate it, change it from ${change.from} to ${change.to} (same series), start it.`,
      'Wait until it runs and is provisioned. If it does not come up, go back to the old size at once.',
      'Rescan posture and check the next bill.',
    ],
    command: to(change.to),
    terraform: [
      `resource "azurerm_linux_virtual_machine" "${hclLabel(p.resourceId)}" {`,
      '  # everything else stays as it is',
      `  size = ${hclString(change.to)} # was ${hclString(change.from)}`,
      '}',
    ].join('\n'),
    rollback: `Deallocate, set the size back to ${change.from}, start: ${to(change.from)}`,
  };
}

export function deleteDiskTexts(p: Place, facts: VolumeFacts | null): ActionTexts {
  const group = groupOf(p.resourceId);
  const snapshot = `idlewise-${nameOf(p.resourceId)}`;
  const on = ['--resource-group', group, '--name'];
  return {
    steps: [
      'Re-read the disk and its locks, and refuse unless it is attached to nothing.',
      'Snapshot it and wait until the copy is complete.',
      'Hold; then check the snapshot, the policy and the disk once more.',
      'Delete the disk.',
    ],
    command: sequence([
      az('snapshot', 'create', [...on, snapshot, '--source', p.resourceId, '--incremental', 'true']),
      az('disk', 'delete', ['--ids', p.resourceId, '--yes']),
    ]),
    terraform: [
      `resource "azurerm_snapshot" "${hclLabel(p.resourceId)}" {`,
      `  name                = ${hclString(snapshot)}`,
      `  location            = ${hclString(p.region)}`,
      `  resource_group_name = ${hclString(group)}`,
      '  create_option       = "Copy"',
      `  source_resource_id  = ${hclString(p.resourceId)}`,
      '}',
      '',
      '# After the snapshot is applied, delete the azurerm_managed_disk block and apply.',
    ].join('\n'),
    rollback: `Create it again under its name: ${az('disk', 'create', [...on, nameOf(p.resourceId), '--source', snapshot, '--sku', facts?.volumeType ?? 'StandardSSD_LRS'])}`,
  };
}

export function releaseIpTexts(p: Place, facts: AddressFacts | null): ActionTexts {
  return {
    steps: [
      'Re-read the address and its locks, and refuse if it is associated with anything.',
      'Check that no allow-list or DNS record names it; the owner knows, Idlewise cannot.',
      'Delete the public IP address.',
    ],
    command: az('network', 'public-ip', ['delete', '--ids', p.resourceId]),
    terraform: `# Delete the azurerm_public_ip block named ${hclString(nameOf(p.resourceId))} and apply.`,
    rollback: `None: ${facts === null || facts.publicIp === '' ? 'its number' : facts.publicIp} is not given out again on request.`,
  };
}

export function deleteBalancerTexts(p: Place, facts: LoadBalancerFacts | null): ActionTexts {
  return {
    steps: [
      'Re-read the load balancer and its locks, and refuse if there is any machine behind it.',
      'Check that no DNS record names it; keep its full configuration with the evidence.',
      'Delete the load balancer. Its public address stays, and stays billed, until it is decided on.',
    ],
    command: az('network', 'lb', ['delete', '--ids', p.resourceId]),
    terraform: `# Delete the azurerm_lb block named ${hclString(facts?.name ?? nameOf(p.resourceId))}, and its pools, probes and rules, and apply.`,
    rollback: 'Create it again from the kept configuration; its public address can be used again.',
  };
}

export function stopManagedInstanceTexts(p: Place): ActionTexts {
  const on = ['--ids', p.resourceId] as const;
  return {
    steps: [
      'Re-read the managed instance and its locks, and refuse if anything in the plan has changed.',
      'Refuse a member of a failover group or of a pool, and any tier but General Purpose.',
      'Stop the instance and wait until it is stopped. Storage and backups stay, and stay billed.',
    ],
    command: az('sql', 'mi', ['stop', ...on]),
    terraform: `# Terraform cannot hold a managed instance stopped; to give it up for good, delete the azurerm_mssql_managed_instance block named ${hclString(nameOf(p.resourceId))}.`,
    rollback: `Start it again: ${az('sql', 'mi', ['start', ...on])}. It takes up to half an hour.`,
  };
}
