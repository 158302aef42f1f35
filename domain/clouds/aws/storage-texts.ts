import type { AddressFacts, LoadBalancerFacts, VolumeFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionTexts } from '../port.ts';
import { awsCommand, hclLabel, hclString, sequence } from '../text.ts';

interface Place {
  readonly resourceId: string;
  readonly region: string;
}

export function deleteVolumeTexts(p: Place, facts: VolumeFacts | null): ActionTexts {
  const description = `idlewise ${p.resourceId} before deletion`;
  const back = [
    '--region',
    p.region,
    '--availability-zone',
    facts?.zone ?? `${p.region}a`,
    '--volume-type',
    facts?.volumeType ?? 'gp3',
    '--snapshot-id',
    'SNAPSHOT_ID',
  ];
  return {
    steps: [
      'Re-read the volume and refuse unless it is available and attached to nothing.',
      'Snapshot it and wait until the snapshot is complete.',
      'Hold; then check the snapshot, the policy and the volume once more.',
      'Delete the volume.',
    ],
    command: sequence([
      `SNAPSHOT=$(${awsCommand('ec2', 'create-snapshot', ['--region', p.region, '--volume-id', p.resourceId, '--description', description, '--query', 'SnapshotId', '--output', 'text'])})`,
      `${awsCommand('ec2', 'wait', ['snapshot-completed', '--region', p.region, '--snapshot-ids'])} "$SNAPSHOT"`,
      awsCommand('ec2', 'delete-volume', ['--region', p.region, '--volume-id', p.resourceId]),
    ]),
    terraform: [
      `resource "aws_ebs_snapshot" "${hclLabel(p.resourceId)}" {`,
      `  volume_id   = ${hclString(p.resourceId)}`,
      `  description = ${hclString(description)}`,
      '}',
      '',
      '# After the snapshot is applied, delete the aws_ebs_volume block and apply.',
    ].join('\n'),
    rollback: `Create a volume from the snapshot in the same zone: ${awsCommand('ec2', 'create-volume', back)}`,
  };
}

export function releaseAddressTexts(p: Place, facts: AddressFacts | null): ActionTexts {
  return {
    steps: [
      'Re-read the address and refuse if it is associated with anything.',
      'Check that no allow-list or DNS record names it; the owner knows, Idlewise cannot.',
      'Release the address.',
    ],
    command: awsCommand('ec2', 'release-address', ['--region', p.region, '--allocation-id', p.resourceId]),
    terraform: `# Delete the aws_eip block whose id is ${hclString(p.resourceId)} and apply.`,
    rollback:
      facts === null
        ? 'None that can be relied on.'
        : `Best effort, while nobody else has it: ${awsCommand('ec2', 'allocate-address', ['--region', p.region, '--domain', 'vpc', '--address', facts.publicIp])}`,
  };
}

export function deleteLoadBalancerTexts(p: Place, facts: LoadBalancerFacts | null): ActionTexts {
  return {
    steps: [
      'Re-read the load balancer and refuse if it has gained targets or requests.',
      'Check that no DNS record or web ACL names it; keep its full configuration with the evidence.',
      'Delete the load balancer. Target groups stay.',
    ],
    command: awsCommand('elbv2', 'delete-load-balancer', ['--region', p.region, '--load-balancer-arn', p.resourceId]),
    terraform: `# Delete the aws_lb block whose arn is ${hclString(p.resourceId)}, and its listeners, and apply.`,
    rollback: `Create it again from the kept configuration${facts === null ? '' : `; ${facts.dnsName} will not come back`}: the DNS name will be a new one.`,
  };
}
