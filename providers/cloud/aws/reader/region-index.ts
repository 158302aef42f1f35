import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Readings, RejectedRow } from '../../../../ports/rows.ts';
import type { RegionalClients } from '../clients.ts';
import { awsErrorCode, mapAwsError } from '../errors.ts';
import { readAws } from './parse.ts';

/** What EC2 and ELB only answer the other way round: read once per region, then looked up by instance or load balancer. */
export interface RegionIndex {
  /** Elastic IP allocation by instance id. */
  readonly allocationByInstance: ReadonlyMap<string, string>;
  /** Target group ARNs by registered target: an instance id, or `<vpc>/<ip>`. */
  readonly targetGroupsByTarget: ReadonlyMap<string, readonly string[]>;
  readonly targetGroupsByLoadBalancer: ReadonlyMap<string, readonly TargetGroupCount[]>;
  /** Groups with a target that could not be read, by VPC: any machine there may be it. */
  readonly doubtfulGroupsByVpc: ReadonlyMap<string, readonly string[]>;
  readonly rejected: readonly RejectedRow[];
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
type TargetGroup = z.infer<typeof TargetGroup>;
const Address = z.object({ AllocationId: z.string().nullish(), InstanceId: z.string().nullish() });
const Health = z.object({
  Target: z.object({ Id: z.string() }),
  TargetHealth: z.object({ State: z.string() }).nullish(),
});
type Health = z.infer<typeof Health>;

/** Reads one region: one call for addresses, one per 400 target groups, one per target group. Throws ProviderError. */
export async function readRegionIndex(clients: Pick<RegionalClients, 'ec2' | 'elb'>): Promise<RegionIndex> {
  const [addresses, groups] = await Promise.all([allocations(clients), targetGroups(clients)]);
  const limit = pLimit(PARALLEL);
  const healths = await Promise.all(
    groups.rows.map((group) => limit(() => targetHealth(clients, group.TargetGroupArn))),
  );
  const byTarget = new Map<string, string[]>();
  const byLoadBalancer = new Map<string, TargetGroupCount[]>();
  const doubtful = new Map<string, string[]>();
  groups.rows.forEach((group, i) => {
    const { rows, rejected } = healths[i] as Readings<Health>;
    for (const { Target } of rows) {
      const key = Target.Id.includes('.') || Target.Id.includes(':') ? `${group.VpcId}/${Target.Id}` : Target.Id;
      byTarget.set(key, [...(byTarget.get(key) ?? []), group.TargetGroupArn]);
    }
    if (rejected.length > 0) {
      const vpc = group.VpcId ?? '';
      doubtful.set(vpc, [...(doubtful.get(vpc) ?? []), group.TargetGroupArn]);
    }
    const count = {
      arn: group.TargetGroupArn,
      // One that cannot be read is there, and may well be healthy.
      registered: rows.length + rejected.length,
      healthy: rows.filter((h) => h.TargetHealth?.State === 'healthy').length + rejected.length,
    };
    for (const lb of group.LoadBalancerArns) byLoadBalancer.set(lb, [...(byLoadBalancer.get(lb) ?? []), count]);
  });
  return {
    allocationByInstance: new Map(
      addresses.rows.flatMap((a) => (a.InstanceId && a.AllocationId ? [[a.InstanceId, a.AllocationId]] : [])),
    ),
    targetGroupsByTarget: byTarget,
    targetGroupsByLoadBalancer: byLoadBalancer,
    doubtfulGroupsByVpc: doubtful,
    rejected: [...addresses.rejected, ...groups.rejected, ...healths.flatMap((health) => health.rejected)],
  };
}

async function allocations({ ec2 }: Pick<RegionalClients, 'ec2'>) {
  const answer = await ec2.send(new DescribeAddressesCommand({})).catch(fail('ec2:DescribeAddresses'));
  return readAws(Address, answer.Addresses, { operation: 'ec2:DescribeAddresses', id: 'AllocationId' });
}

const GROUPS = 'elasticloadbalancing:DescribeTargetGroups';
const HEALTH = 'elasticloadbalancing:DescribeTargetHealth';

async function targetGroups({ elb }: Pick<RegionalClients, 'elb'>): Promise<Readings<TargetGroup>> {
  const nodes: unknown[] = [];
  let marker: string | undefined;
  do {
    const answer = await elb
      .send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker: marker }))
      .catch(fail(GROUPS));
    nodes.push(...(answer.TargetGroups ?? []));
    marker = answer.NextMarker;
  } while (marker);
  return readTargetGroups(nodes);
}

/** Rows of DescribeTargetGroups. */
export function readTargetGroups(nodes: readonly unknown[]): Readings<TargetGroup> {
  return readAws(TargetGroup, nodes, { operation: GROUPS, id: 'TargetGroupArn' });
}

/** Rows of DescribeTargetHealth. */
export function readTargetHealths(nodes: readonly unknown[]): Readings<Health> {
  return readAws(Health, nodes, { operation: HEALTH, id: 'Target' });
}

async function targetHealth({ elb }: Pick<RegionalClients, 'elb'>, arn: string): Promise<Readings<Health>> {
  try {
    const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
    return readTargetHealths(answer.TargetHealthDescriptions ?? []);
  } catch (error) {
    // Deleted between the two calls: nothing is registered with it any more.
    if (awsErrorCode(error) === 'TargetGroupNotFound') return { rows: [], rejected: [] };
    throw mapAwsError(error, HEALTH);
  }
}

function fail(operation: string): (error: unknown) => never {
  return (error) => {
    throw mapAwsError(error, operation);
  };
}
