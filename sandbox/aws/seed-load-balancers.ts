import type { SeededAsset } from '../estate/types.ts';
import { allTags, required, type SeedPlace } from './seed-call.ts';
import { idOf } from './seed-storage.ts';

/** Load balancers, each with one target group, one listener and its registered targets. */
export async function seedLoadBalancers(place: SeedPlace, instanceIds: ReadonlyMap<string, string>): Promise<void> {
  for (const asset of place.assets) {
    if (asset.resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer') await seedOne(place, asset, instanceIds);
  }
}

async function seedOne(
  { seeder, network, bornAt }: SeedPlace,
  asset: SeededAsset,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const { type, targets } = asset.loadBalancer ?? { type: 'application' as const, targets: [] };
  const born = bornAt(asset.createdDaysAgo);
  const protocol = type === 'application' ? 'HTTP' : 'TCP';
  const create: Record<string, string> = {
    Name: asset.name,
    Type: type,
    Scheme: 'internal',
    'Subnets.member.1': network.subnetIds[0],
    'Subnets.member.2': network.subnetIds[1],
  };
  Object.entries(allTags(asset)).forEach(([key, value], i) => {
    create[`Tags.member.${i + 1}.Key`] = key;
    create[`Tags.member.${i + 1}.Value`] = value;
  });
  const arn = required(await seeder.call('elasticloadbalancing:CreateLoadBalancer', create, born), 'LoadBalancerArn');
  asset.resourceId = arn;
  asset.assetKey = arn;
  const group = await seeder.call(
    'elasticloadbalancing:CreateTargetGroup',
    {
      Name: `${asset.name}-tg`.slice(0, 32),
      Protocol: protocol,
      Port: '80',
      VpcId: network.vpcId,
      TargetType: 'instance',
    },
    born,
  );
  const TargetGroupArn = required(group, 'TargetGroupArn');
  const listener = {
    LoadBalancerArn: arn,
    Protocol: protocol,
    Port: '80',
    'DefaultActions.member.1.Type': 'forward',
    'DefaultActions.member.1.TargetGroupArn': TargetGroupArn,
  };
  await seeder.call('elasticloadbalancing:CreateListener', listener, born);
  if (targets.length === 0) return;
  const register: Record<string, string> = { TargetGroupArn };
  targets.forEach((name, i) => {
    register[`Targets.member.${i + 1}.Id`] = idOf(ids, name, asset);
  });
  await seeder.call('elasticloadbalancing:RegisterTargets', register, born);
}
