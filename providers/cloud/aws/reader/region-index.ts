import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { RegionalClients } from '../clients.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';
import { parseAws } from './parse.ts';

/** What EC2 and ELB only answer the other way round: read once per region, then looked up by instance or load balancer. */
export interface RegionIndex {
  /** Elastic IP allocation by instance id. */
  readonly allocationByInstance: ReadonlyMap<string, string>;
  /** Target group ARNs by registered target: an instance id, or `<vpc>/<ip>`. */
  readonly targetGroupsByTarget: ReadonlyMap<string, readonly string[]>;
  readonly targetGroupsByLoadBalancer: ReadonlyMap<string, readonly TargetGroupCount[]>;
}

export interface TargetGroupCount {
  readonly arn: string;
  readonly registered: number;
  readonly healthy: number;
}

const PARALLEL = 4;
const TargetGroup = z.object({
  TargetGroupArn: z.string(),
  VpcId: z.string().nullish(),
  LoadBalancerArns: z.array(z.string()).default([]),
});
const Address = z.object({ AllocationId: z.string().nullish(), InstanceId: z.string().nullish() });
const Health = z.object({
  Target: z.object({ Id: z.string() }),
  TargetHealth: z.object({ State: z.string() }).nullish(),
});

/** Reads one region: one call for addresses, one per 400 target groups, one per target group. Throws ProviderError. */
export async function readRegionIndex(clients: Pick<RegionalClients, 'ec2' | 'elb'>): Promise<RegionIndex> {
  const [allocationByInstance, groups] = await Promise.all([allocations(clients), targetGroups(clients)]);
  const limit = pLimit(PARALLEL);
  const healths = await Promise.all(groups.map((group) => limit(() => targetHealth(clients, group.TargetGroupArn))));
  const byTarget = new Map<string, string[]>();
  const byLoadBalancer = new Map<string, TargetGroupCount[]>();
  groups.forEach((group, i) => {
    const health = healths[i] ?? [];
    for (const { Target } of health) {
      const key = Target.Id.includes('.') || Target.Id.includes(':') ? `${group.VpcId}/${Target.Id}` : Target.Id;
      byTarget.set(key, [...(byTarget.get(key) ?? []), group.TargetGroupArn]);
    }
    const count = {
      arn: group.TargetGroupArn,
      registered: health.length,
      healthy: health.filter((h) => h.TargetHealth?.State === 'healthy').length,
    };
    for (const lb of group.LoadBalancerArns) byLoadBalancer.set(lb, [...(byLoadBalancer.get(lb) ?? []), count]);
  });
  return { allocationByInstance, targetGroupsByTarget: byTarget, targetGroupsByLoadBalancer: byLoadBalancer };
}

async function allocations({ ec2 }: Pick<RegionalClients, 'ec2'>): Promise<Map<string, string>> {
  const answer = await ec2.send(new DescribeAddressesCommand({})).catch(fail('ec2:DescribeAddresses'));
  const rows = parseAws(z.array(Address), answer.Addresses ?? [], 'ec2:DescribeAddresses');
  return new Map(rows.flatMap((a) => (a.InstanceId && a.AllocationId ? [[a.InstanceId, a.AllocationId]] : [])));
}

async function targetGroups({ elb }: Pick<RegionalClients, 'elb'>): Promise<z.infer<typeof TargetGroup>[]> {
  const rows: z.infer<typeof TargetGroup>[] = [];
  let marker: string | undefined;
  do {
    const answer = await elb
      .send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker: marker }))
      .catch(fail('elasticloadbalancing:DescribeTargetGroups'));
    rows.push(
      ...parseAws(z.array(TargetGroup), answer.TargetGroups ?? [], 'elasticloadbalancing:DescribeTargetGroups'),
    );
    marker = answer.NextMarker;
  } while (marker);
  return rows;
}

async function targetHealth(
  { elb }: Pick<RegionalClients, 'elb'>,
  arn: string,
): Promise<readonly z.infer<typeof Health>[]> {
  const operation = 'elasticloadbalancing:DescribeTargetHealth';
  try {
    const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
    return parseAws(z.array(Health), answer.TargetHealthDescriptions ?? [], operation);
  } catch (error) {
    // Deleted between the two calls: nothing is registered with it any more.
    if (awsErrorCode(error) === 'TargetGroupNotFound') return [];
    throw mapAwsError(error, operation);
  }
}

function fail(operation: string): (error: unknown) => never {
  return (error) => {
    throw mapAwsError(error, operation);
  };
}
