import { DescribeInstanceTypeOfferingsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import { mapAwsError } from '../errors.ts';
import { describeInstanceTypes, type InstanceTypeInfo } from '../reader/instance-types.ts';
import { instanceRows, readInstances } from '../reader/instances.ts';
import type { Readings } from '../../../../ports/rows.ts';
import { readAws } from '../reader/parse.ts';
import type { WireInstance } from '../reader/wire-instance.ts';

export interface ResizeQuestion {
  readonly current: InstanceTypeInfo | null;
  readonly target: InstanceTypeInfo | null;
  readonly instance: WireInstance;
  /** The target is sold in the instance's own zone. */
  readonly offered: boolean;
}

/** Why the instance could not come up as the target type; a fact EC2 did not give counts as `unknown:…`. Pure. */
export function resizeBlocks({ current, target, instance, offered }: ResizeQuestion): string[] {
  if (target === null) return ['unknown:resize_target_type'];
  if (current === null) return ['unknown:resize_current_type'];
  if (current.instanceType === target.instanceType) return ['resize_same_type'];
  const codes: string[] = [];
  if (!offered) codes.push('resize_not_offered_in_zone');
  codes.push(...member(instance.Architecture, target.architectures, 'resize_architecture'));
  codes.push(...member(instance.VirtualizationType, target.virtualizationTypes, 'resize_virtualization'));
  codes.push(...member('ebs', target.rootDeviceTypes, 'resize_root_device'));
  codes.push(...member('on-demand', target.usageClasses, 'resize_usage_class'));
  // EC2 states the boot mode only when the image does; without one any mode the current type also offers will do.
  if (instance.CurrentInstanceBootMode !== null)
    codes.push(...member(instance.CurrentInstanceBootMode, target.bootModes, 'resize_boot_mode'));
  codes.push(...ena(current, target, instance));
  if (target.hypervisor === null || current.hypervisor === null) codes.push('unknown:resize_hypervisor');
  else if (target.hypervisor !== current.hypervisor) codes.push('resize_hypervisor_change');
  if (target.bareMetal !== false) codes.push('resize_bare_metal');
  if (target.instanceStorage === null) codes.push('unknown:resize_instance_store');
  const interfaces = instance.NetworkInterfaces.length;
  const ips = Math.max(0, ...instance.NetworkInterfaces.map((n) => n.PrivateIpAddresses.length));
  codes.push(...atMost(interfaces, target.maxInterfaces, 'resize_network_interfaces'));
  codes.push(...atMost(ips, target.maxIpsPerInterface, 'resize_ip_addresses'));
  if (target.maxVolumes !== null)
    codes.push(...atMost(instance.BlockDeviceMappings.length, target.maxVolumes, 'resize_volumes'));
  return codes;
}

/** Reads what the check needs: four calls. Throws ProviderError. */
export async function resizeCodes(
  ec2: EC2Client,
  facts: InstanceFacts,
  targetType: string | undefined,
): Promise<string[]> {
  if (!targetType) return ['preflight:resize_target_missing'];
  const [types, [instance], offered] = await Promise.all([
    describeInstanceTypes(ec2, [facts.instanceType, targetType]),
    readInstances(ec2, [facts.resourceId]).then(instanceRows),
    isOffered(ec2, targetType, facts.zone),
  ]);
  if (!instance) return ['preflight:unknown:resize_instance'];
  const current = types.byName.get(facts.instanceType) ?? null;
  const target = types.byName.get(targetType) ?? null;
  return resizeBlocks({ current, target, instance, offered }).map((code) => `preflight:${code}`);
}

async function isOffered(ec2: EC2Client, type: string, zone: string | null): Promise<boolean> {
  if (zone === null) return false;
  const operation = 'ec2:DescribeInstanceTypeOfferings';
  const answer = await ec2
    .send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: 'availability-zone',
        Filters: [
          { Name: 'instance-type', Values: [type] },
          { Name: 'location', Values: [zone] },
        ],
      }),
    )
    .catch((error: unknown) => {
      throw mapAwsError(error, operation);
    });
  const { rows } = readOfferings(answer.InstanceTypeOfferings ?? []);
  return rows.some((row) => row.InstanceType === type && row.Location === zone);
}

const Offering = z.object({ InstanceType: z.string(), Location: z.string() });

/** Rows of DescribeInstanceTypeOfferings. What cannot be read offers nothing. */
export function readOfferings(nodes: readonly unknown[]): Readings<z.infer<typeof Offering>> {
  return readAws(Offering, nodes, { operation: 'ec2:DescribeInstanceTypeOfferings', id: 'InstanceType' });
}

function ena(current: InstanceTypeInfo, target: InstanceTypeInfo, instance: WireInstance): string[] {
  if (target.enaSupport === null) return ['unknown:resize_ena'];
  if (target.enaSupport !== 'required') return [];
  // An instance that runs on a type which cannot do without ENA has it, whether EC2 says so or not.
  const has = instance.EnaSupport ?? (current.enaSupport === 'required' ? true : null);
  if (has === null) return ['unknown:resize_ena'];
  return has ? [] : ['resize_ena_required'];
}

function member(value: string | null, allowed: readonly string[] | null, code: string): string[] {
  if (value === null || allowed === null) return [`unknown:${code}`];
  return allowed.includes(value) ? [] : [code];
}

function atMost(value: number, limit: number | null, code: string): string[] {
  if (limit === null) return [`unknown:${code}`];
  return value <= limit ? [] : [code];
}
