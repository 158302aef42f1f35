import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { RegionalClients } from '../clients.ts';
import { mapAwsError } from '../errors.ts';
import { parseAws } from './parse.ts';
import type { InstanceAttributes } from './wire-instance.ts';

const Flag = z.object({ Value: z.boolean().nullish() }).nullish();
const Protections = z.object({
  DisableApiTermination: Flag,
  DisableApiStop: Flag,
  InstanceInitiatedShutdownBehavior: z.object({ Value: z.string().nullish() }).nullish(),
});
const Membership = z.object({ InstanceId: z.string(), AutoScalingGroupName: z.string() });

/** Protections, shutdown behaviour and group membership of one instance: four calls. Throws ProviderError. */
export async function readInstanceAttributes(
  clients: Pick<RegionalClients, 'ec2' | 'autoScaling'>,
  instanceId: string,
): Promise<InstanceAttributes> {
  const attribute = async (name: 'disableApiTermination' | 'disableApiStop' | 'instanceInitiatedShutdownBehavior') => {
    const operation = `ec2:DescribeInstanceAttribute ${name}`;
    const answer = await clients.ec2
      .send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: name }))
      .catch((error: unknown) => {
        throw mapAwsError(error, operation);
      });
    return parseAws(Protections, answer, operation);
  };
  const [termination, stop, shutdown, scalingGroup] = await Promise.all([
    attribute('disableApiTermination'),
    attribute('disableApiStop'),
    attribute('instanceInitiatedShutdownBehavior'),
    groupOf(clients, instanceId),
  ]);
  const behaviour = shutdown.InstanceInitiatedShutdownBehavior?.Value;
  return {
    deletionProtection: termination.DisableApiTermination?.Value ?? null,
    stopProtection: stop.DisableApiStop?.Value ?? null,
    shutdownBehavior: behaviour === 'stop' || behaviour === 'terminate' ? behaviour : null,
    scalingGroup,
  };
}

/** The tag can be missing on a member that is being attached, so the service is asked too. */
async function groupOf({ autoScaling }: Pick<RegionalClients, 'autoScaling'>, id: string): Promise<string | null> {
  const operation = 'autoscaling:DescribeAutoScalingInstances';
  const answer = await autoScaling
    .send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] }))
    .catch((error: unknown) => {
      throw mapAwsError(error, operation);
    });
  const rows = parseAws(z.array(Membership), answer.AutoScalingInstances ?? [], operation);
  return rows.find((row) => row.InstanceId === id)?.AutoScalingGroupName ?? null;
}
