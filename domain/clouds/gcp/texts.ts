import type { AddressFacts, DatabaseFacts, InstanceFacts, VolumeFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionTexts } from '../port.ts';
import { command, hclLabel, hclString, sequence } from '../text.ts';

interface Place {
  readonly resourceId: string;
  readonly accountId: string;
  readonly region: string;
}

const gcloud = (group: string, args: readonly string[]): string => command('gcloud', group, args);
const nameOf = (id: string): string => id.split('/').at(-1) ?? '';
const zoneOf = (id: string): string => /\/zones\/([^/]+)\//.exec(id)?.[1] ?? '';
const plainly = (id: string): string => nameOf(id).replace(/[^\w.-]/g, '');
/** Where a zonal resource is, for the end of a command. */
const inZone = (p: Place, id = p.resourceId): string[] => ['--zone', zoneOf(id), '--project', p.accountId];
const onInstance = (p: Place, verb: string, ...more: string[]): string =>
  gcloud('compute', ['instances', verb, nameOf(p.resourceId), ...more, ...inZone(p)]);

export function stopVmTexts(p: Place, facts: InstanceFacts | null): ActionTexts {
  const losesAddress = facts !== null && facts.publicIp !== null && facts.staticAddressId === null;
  const asleep = facts?.state === 'suspended';
  return {
    steps: [
      'Re-read the instance and the groups it is in, and refuse if anything in the plan has changed.',
      asleep
        ? 'Stop it: it is suspended, and its kept memory is billed. What was in memory is lost.'
        : 'Stop it and wait until it is. Disks and configuration stay.',
      ...(losesAddress ? ['Its ephemeral external address is given up and will be another one after a start.'] : []),
      'Rescan posture and check the next bill.',
    ],
    command: onInstance(p, 'stop'),
    terraform: [
      `resource "google_compute_instance" "${hclLabel(p.resourceId)}" {`,
      '  # everything else stays as it is',
      '  desired_status = "TERMINATED"',
      '}',
    ].join('\n'),
    rollback: asleep
      ? 'What it had in memory is lost; it can be started afresh, and may have to wait for capacity.'
      : `Start it again: ${onInstance(p, 'start')}. May have to wait for capacity.`,
  };
}

export function deleteVmTexts(p: Place, facts: InstanceFacts | null): ActionTexts {
  const label = hclLabel(p.resourceId);
  const disks = facts?.volumes ?? [];
  const kept = disks.filter((d) => !d.deletedWithInstance);
  return {
    steps: [
      'Re-read the instance and the groups it is in, and refuse if anything in the plan has changed.',
      'Stop it and wait until it is, so that its disks are at rest.',
      disks.length === 1
        ? 'Snapshot its disk and wait until the copy is complete.'
        : `Snapshot ${disks.length === 0 ? 'all' : `its ${disks.length}`} disks and wait until every copy is complete.`,
      'Hold; then check the snapshots, the policy and the instance once more.',
      'Delete the instance. Deletion protection that is set is never lifted.',
      ...(kept.length > 0
        ? [`${kept.length} of its disks are set to stay, and go on costing money until somebody decides on them.`]
        : []),
      'Rescan posture and check the next bill.',
    ],
    command: sequence([
      onInstance(p, 'stop'),
      ...disks.map((d) => snapshotCommand(p, d.volumeId)),
      onInstance(p, 'delete', '--quiet'),
    ]),
    terraform: [
      ...disks.flatMap((disk, i) => snapshotBlock(`${label}_${i}`, disk.volumeId)),
      `# After the snapshots are applied, delete the google_compute_instance block of ${plainly(p.resourceId)} and apply.`,
    ].join('\n'),
    rollback: 'Create disks from the snapshots and a new instance from them; its internal address may be another one.',
  };
}

export function resizeVmTexts(p: Place, change: { from: string; to: string }): ActionTexts {
  const to = (size: string) =>
    sequence([
      onInstance(p, 'stop'),
      onInstance(p, 'set-machine-type', '--machine-type', size),
      onInstance(p, 'start'),
    ]);
  return {
    steps: [
      'Re-read the instance and the groups it is in, and refuse if anything in the plan has changed.',
      `Stop it, change it from ${change.from} to ${change.to} (same family), start it.`,
      'Wait until it runs. If it does not come up, go back to the old machine type at once.',
      'Rescan posture and check the next bill.',
    ],
    command: to(change.to),
    terraform: [
      `resource "google_compute_instance" "${hclLabel(p.resourceId)}" {`,
      '  # everything else stays as it is',
      `  machine_type              = ${hclString(change.to)} # was ${hclString(change.from)}`,
      '  allow_stopping_for_update = true',
      '}',
    ].join('\n'),
    rollback: `Stop, set the machine type back to ${change.from}, start: ${to(change.from)}`,
  };
}

export function deleteDiskTexts(p: Place, facts: VolumeFacts | null): ActionTexts {
  const name = nameOf(p.resourceId);
  const create = gcloud('compute', [
    'disks',
    'create',
    name,
    '--source-snapshot',
    `idlewise-${name}`,
    '--type',
    facts?.volumeType ?? 'pd-balanced',
    ...inZone(p),
  ]);
  return {
    steps: [
      'Re-read the disk, and refuse unless it is attached to nothing.',
      'Snapshot it and wait until the copy is complete.',
      'Hold; then check the snapshot, the policy and the disk once more.',
      'Delete the disk.',
    ],
    command: sequence([
      snapshotCommand(p, p.resourceId),
      gcloud('compute', ['disks', 'delete', name, '--quiet', ...inZone(p)]),
    ]),
    terraform: [
      ...snapshotBlock(hclLabel(p.resourceId), p.resourceId),
      '# After the snapshot is applied, delete the google_compute_disk block and apply.',
    ].join('\n'),
    rollback: `Create it again under its name: ${create}`,
  };
}

export function releaseAddressTexts(p: Place, facts: AddressFacts | null): ActionTexts {
  const where = /\/global\/addresses\//.test(p.resourceId) ? ['--global'] : ['--region', p.region];
  const block = where[0] === '--global' ? 'google_compute_global_address' : 'google_compute_address';
  return {
    steps: [
      'Re-read the address, and refuse if anything uses it or it is reserved for a service.',
      'Check that no allow-list or DNS record names it; the owner knows, Idlewise cannot.',
      'Release the address.',
    ],
    command: gcloud('compute', [
      'addresses',
      'delete',
      nameOf(p.resourceId),
      '--quiet',
      ...where,
      '--project',
      p.accountId,
    ]),
    terraform: `# Delete the ${block} block named ${hclString(nameOf(p.resourceId))} and apply.`,
    rollback: `None: ${facts === null || facts.publicIp === '' ? 'its number' : facts.publicIp} is not given out again on request.`,
  };
}

export function stopDatabaseTexts(p: Place, facts: DatabaseFacts | null): ActionTexts {
  const policy = (value: string) =>
    gcloud('sql', [
      'instances',
      'patch',
      nameOf(p.resourceId),
      '--activation-policy',
      value,
      '--quiet',
      '--project',
      p.accountId,
    ]);
  return {
    steps: [
      'Re-read the Cloud SQL instance, and refuse if anything in the plan has changed.',
      'Refuse a replica, an instance that has replicas, and a member of a read pool.',
      'Set its activation policy to NEVER and wait until it is stopped. Storage, backups and its address stay billed.',
    ],
    command: policy('NEVER'),
    terraform: [
      `resource "google_sql_database_instance" "${hclLabel(p.resourceId)}" {`,
      '  # everything else stays as it is',
      `  settings { # of a ${hclString(facts?.instanceClass ?? 'server')}`,
      '    activation_policy = "NEVER"',
      '  }',
      '}',
    ].join('\n'),
    rollback: `Start it again: ${policy('ALWAYS')}. It takes some minutes.`,
  };
}

function snapshotCommand(p: Place, diskId: string): string {
  const args = ['snapshots', 'create', `idlewise-${nameOf(diskId)}`, '--source-disk', nameOf(diskId)];
  return gcloud('compute', [...args, '--source-disk-zone', zoneOf(diskId), '--project', p.accountId]);
}

function snapshotBlock(label: string, diskId: string): string[] {
  return [
    `resource "google_compute_snapshot" "${label}" {`,
    `  name        = ${hclString(`idlewise-${nameOf(diskId)}`)}`,
    `  source_disk = ${hclString(nameOf(diskId))}`,
    `  zone        = ${hclString(zoneOf(diskId))}`,
    '}',
    '',
  ];
}
