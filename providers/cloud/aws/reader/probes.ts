import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  DescribeAddressesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeVolumesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { arnOf } from '../../../../domain/cloud-ids/index.ts';
import type { Probe } from '../../shared/probes.ts';
import type { AwsClients, RegionalClients } from '../clients.ts';
import { mapAwsError } from '../errors.ts';

/** Asks for things that are not there, because EC2 and ELB look at rights before they look for the thing. */
const NO_INSTANCE = 'i-00000000000000000';

interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Every call of a sweep, of gathering and of the owner's look-up, in the first region; that regions are open, in all. */
export function awsProbes(
  clients: AwsClients,
  accounts: readonly { readonly accountId: string; readonly regions: readonly string[] }[],
): Probe[] {
  return accounts.flatMap(({ accountId, regions }) =>
    regions.flatMap((region, i) => {
      const at = { accountId, region };
      const calls = Object.entries(i === 0 ? callsAt(at) : { 'ec2:DescribeInstances': instances });
      return calls.map(
        ([permission, call]): Probe => ({
          permission,
          place: `${accountId} ${region}`,
          run: () =>
            call(clients.clientsFor(at)).catch((error: unknown) => {
              throw mapAwsError(error, permission);
            }),
        }),
      );
    }),
  );
}

type Call = (clients: RegionalClients) => Promise<unknown>;

const instances: Call = ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ MaxResults: 5 }));

function callsAt({ accountId, region }: Place): Readonly<Record<string, Call>> {
  const elbArn = (resource: string) => arnOf({ service: 'elasticloadbalancing', region, account: accountId, resource });
  const LoadBalancerArn = elbArn('loadbalancer/app/idlewise-probe/0000000000000000');
  const TargetGroupArn = elbArn('targetgroup/idlewise-probe/0000000000000000');
  const InstanceId = NO_INSTANCE;
  return {
    'ec2:DescribeInstances': instances,
    'ec2:DescribeVolumes': ({ ec2 }) => ec2.send(new DescribeVolumesCommand({ MaxResults: 5 })),
    'ec2:DescribeAddresses': ({ ec2 }) => ec2.send(new DescribeAddressesCommand({})),
    'ec2:DescribeInstanceTypes': ({ ec2 }) => ec2.send(new DescribeInstanceTypesCommand({ MaxResults: 5 })),
    'ec2:DescribeInstanceAttribute': ({ ec2 }) =>
      ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiTermination' })),
    'elasticloadbalancing:DescribeLoadBalancers': ({ elb }) =>
      elb.send(new DescribeLoadBalancersCommand({ PageSize: 1 })),
    'elasticloadbalancing:DescribeTargetGroups': ({ elb }) =>
      elb.send(new DescribeTargetGroupsCommand({ PageSize: 1 })),
    'elasticloadbalancing:DescribeTargetHealth': ({ elb }) =>
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
    'elasticloadbalancing:DescribeListeners': ({ elb }) => elb.send(new DescribeListenersCommand({ LoadBalancerArn })),
    'elasticloadbalancing:DescribeLoadBalancerAttributes': ({ elb }) =>
      elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn })),
    'elasticloadbalancing:DescribeTags': ({ elb }) =>
      elb.send(new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn] })),
    'autoscaling:DescribeAutoScalingInstances': ({ autoScaling }) =>
      autoScaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [InstanceId] })),
    'rds:DescribeDBInstances': ({ rds }) => rds.send(new DescribeDBInstancesCommand({ MaxRecords: 20 })),
    'cloudtrail:LookupEvents': ({ cloudTrail }) => cloudTrail.send(new LookupEventsCommand({ MaxResults: 1 })),
  };
}
