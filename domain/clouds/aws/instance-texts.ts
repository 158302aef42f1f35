import type { InstanceFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionTexts } from '../port.ts';
import { awsCommand, hclLabel, hclString, sequence } from '../text.ts';

interface Place {
  readonly resourceId: string;
  readonly region: string;
}

const on = (p: Place) => ['--region', p.region, '--instance-ids', p.resourceId] as const;

export function stopTexts(p: Place, facts: InstanceFacts | null): ActionTexts {
  const losesAddress = facts !== null && facts.publicIp !== null && facts.staticAddressId === null;
  return {
    steps: [
      'Re-read the instance and refuse if anything in the plan has changed.',
      'Ask EC2 whether the stop would be allowed (DryRun).',
      'Stop the instance and wait until it is stopped. Disks, private address and configuration stay.',
      ...(losesAddress ? ['Its public IPv4 address is given up and will be another one after a start.'] : []),
      'Rescan posture and check the next bill.',
    ],
    command: sequence([
      awsCommand('ec2', 'stop-instances', on(p)),
      awsCommand('ec2', 'wait', ['instance-stopped', ...on(p)]),
    ]),
    terraform: [
      `resource "aws_ec2_instance_state" "${hclLabel(p.resourceId)}" {`,
      `  instance_id = ${hclString(p.resourceId)}`,
      '  state       = "stopped"',
      '}',
    ].join('\n'),
    rollback: `Start it again: ${awsCommand('ec2', 'start-instances', on(p))}. May have to wait for capacity.`,
  };
}

export function terminateTexts(p: Place, facts: InstanceFacts | null): ActionTexts {
  const label = hclLabel(p.resourceId);
  const volumes = facts?.volumes ?? [];
  const place = facts?.zone ?? p.region;
  return {
    steps: [
      'Re-read the instance and refuse if anything in the plan has changed.',
      'Stop the instance and wait until it is stopped, so that its disks are at rest.',
      volumes.length === 1
        ? 'Snapshot its disk and wait for the snapshot to complete.'
        : `Snapshot ${volumes.length === 0 ? 'all' : `its ${volumes.length}`} disks as one set and wait for every snapshot to complete.`,
      'Hold; then check the snapshots, the policy and the instance once more.',
      'Terminate the instance. Protection that is set is never lifted.',
      'Rescan posture and check the next bill.',
    ],
    command: sequence([
      awsCommand('ec2', 'stop-instances', on(p)),
      awsCommand('ec2', 'wait', ['instance-stopped', ...on(p)]),
      `SNAPSHOTS=$(${awsCommand('ec2', 'create-snapshots', [
        '--region',
        p.region,
        '--instance-specification',
        `InstanceId=${p.resourceId}`,
        '--description',
        `idlewise ${p.resourceId} before termination`,
        '--query',
        'Snapshots[].SnapshotId',
        '--output',
        'text',
      ])})`,
      `${awsCommand('ec2', 'wait', ['snapshot-completed', '--region', p.region, '--snapshot-ids'])} $SNAPSHOTS`,
      awsCommand('ec2', 'terminate-instances', on(p)),
    ]),
    terraform: [
      ...volumes.flatMap((v, i) => [
        `resource "aws_ebs_snapshot" "${label}_${i}" {`,
        `  volume_id   = ${hclString(v.volumeId)}`,
        `  description = ${hclString(`idlewise ${p.resourceId} before termination`)}`,
        '}',
        '',
      ]),
      `# After the snapshots are applied, delete the aws_instance block of ${p.resourceId.replace(/[^\w-]/g, '')} and apply.`,
    ].join('\n'),
    rollback: `Launch a new instance from the snapshots in ${place}; it gets a new id and a new private address.`,
  };
}

export function resizeTexts(p: Place, change: { from: string; to: string }): ActionTexts {
  const modify = (type: string) =>
    awsCommand('ec2', 'modify-instance-attribute', [
      '--region',
      p.region,
      '--instance-id',
      p.resourceId,
      '--instance-type',
      `Value=${type}`,
    ]);
  const stop = [awsCommand('ec2', 'stop-instances', on(p)), awsCommand('ec2', 'wait', ['instance-stopped', ...on(p)])];
  const start = [
    awsCommand('ec2', 'start-instances', on(p)),
    awsCommand('ec2', 'wait', ['instance-status-ok', ...on(p)]),
  ];
  return {
    steps: [
      'Re-read the instance and refuse if anything in the plan has changed.',
      `Stop the instance, change it from ${change.from} to ${change.to} (same family, same architecture), start it.`,
      'Wait for both status checks. If it does not come up, go back to the old type at once.',
      'Rescan posture and check the next bill.',
    ],
    command: sequence([...stop, modify(change.to), ...start]),
    terraform: [
      `resource "aws_instance" "${hclLabel(p.resourceId)}" {`,
      '  # everything else stays as it is',
      `  instance_type = ${hclString(change.to)} # was ${hclString(change.from)}`,
      '}',
    ].join('\n'),
    rollback: `Stop, set the type back to ${change.from}, start: ${sequence([...stop, modify(change.from), ...start])}`,
  };
}
