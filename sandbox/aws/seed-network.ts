import { required, type Seeder } from './seed-call.ts';

export interface Network {
  readonly vpcId: string;
  /** In two availability zones, as load balancers demand. */
  readonly subnetIds: readonly [string, string];
  readonly imageId: string;
}

/** One VPC with two private subnets and a base image per region. */
export async function seedNetwork(seeder: Seeder, bornAt: number): Promise<Network> {
  const vpcId = required(await seeder.call('ec2:CreateVpc', { CidrBlock: '10.20.0.0/16' }, bornAt), 'vpcId');
  const subnet = async (zone: string, net: number) =>
    required(
      await seeder.call(
        'ec2:CreateSubnet',
        { VpcId: vpcId, CidrBlock: `10.20.${net}.0/20`, AvailabilityZone: `${seeder.region}${zone}` },
        bornAt,
      ),
      'subnetId',
    );
  const subnetIds = [await subnet('a', 0), await subnet('b', 16)] as const;
  const image = await seeder.call(
    'ec2:RegisterImage',
    {
      Name: 'acme-base-2024.1',
      Architecture: 'x86_64',
      RootDeviceName: '/dev/sda1',
      VirtualizationType: 'hvm',
      EnaSupport: 'true',
    },
    bornAt,
  );
  return { vpcId, subnetIds, imageId: required(image, 'imageId') };
}
