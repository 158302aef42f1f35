import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ResizeQuestion, resizeBlocks } from '../../../providers/cloud/aws/executor/resize-compat.ts';
import type { InstanceTypeInfo } from '../../../providers/cloud/aws/reader/instance-types.ts';
import type { WireInstance } from '../../../providers/cloud/aws/reader/wire-instance.ts';

const TYPE: InstanceTypeInfo = {
  instanceType: 'm5.xlarge',
  hypervisor: 'nitro',
  bareMetal: false,
  instanceStorage: false,
  rootDeviceTypes: ['ebs'],
  virtualizationTypes: ['hvm'],
  usageClasses: ['on-demand', 'spot'],
  bootModes: ['legacy-bios', 'uefi'],
  architectures: ['x86_64'],
  nvmeSupport: 'required',
  maxVolumes: 27,
  enaSupport: 'required',
  maxInterfaces: 3,
  maxIpsPerInterface: 10,
};
const INSTANCE = {
  Architecture: 'x86_64',
  VirtualizationType: 'hvm',
  CurrentInstanceBootMode: null,
  NetworkInterfaces: [{ PrivateIpAddresses: [{}] }],
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda' }],
} as unknown as WireInstance;

function blocks(change: {
  current?: Partial<InstanceTypeInfo>;
  target?: Partial<InstanceTypeInfo>;
  instance?: Partial<WireInstance>;
  offered?: boolean;
}): string[] {
  const question: ResizeQuestion = {
    current: { ...TYPE, ...change.current },
    target: { ...TYPE, instanceType: 'm5.large', ...change.target },
    instance: { ...INSTANCE, ...change.instance },
    offered: change.offered ?? true,
  };
  return resizeBlocks(question);
}

test('a smaller sibling fits', () => assert.deepEqual(blocks({}), []));

const CASES: readonly (readonly [string, Parameters<typeof blocks>[0]])[] = [
  ['resize_same_type', { target: { instanceType: 'm5.xlarge' } }],
  ['resize_not_offered_in_zone', { offered: false }],
  ['resize_architecture', { target: { architectures: ['arm64'] } }],
  ['unknown:resize_architecture', { instance: { Architecture: null } }],
  ['resize_virtualization', { instance: { VirtualizationType: 'paravirtual' } }],
  ['resize_root_device', { target: { rootDeviceTypes: ['instance-store'] } }],
  ['resize_usage_class', { target: { usageClasses: ['spot'] } }],
  ['resize_boot_mode', { instance: { CurrentInstanceBootMode: 'uefi' }, target: { bootModes: ['legacy-bios'] } }],
  ['resize_ena_required', { instance: { EnaSupport: false } }],
  ['unknown:resize_ena', { current: { enaSupport: 'supported' } }],
  ['unknown:resize_ena', { target: { enaSupport: null } }],
  ['resize_hypervisor_change', { current: { hypervisor: 'xen' } }],
  ['unknown:resize_hypervisor', { target: { hypervisor: null } }],
  ['resize_bare_metal', { target: { bareMetal: null } }],
  ['unknown:resize_instance_store', { target: { instanceStorage: null } }],
  ['resize_network_interfaces', { target: { maxInterfaces: 0 } }],
  ['unknown:resize_network_interfaces', { target: { maxInterfaces: null } }],
  ['resize_ip_addresses', { target: { maxIpsPerInterface: 0 } }],
  ['resize_volumes', { target: { maxVolumes: 0 } }],
];
for (const [code, change] of CASES) {
  test(`${code} ${JSON.stringify(change)}`, () => assert.deepEqual(blocks(change), [code]));
}

test('a type nobody knows is refused', () => {
  const question = { current: TYPE, target: null, instance: INSTANCE, offered: true };
  assert.deepEqual(resizeBlocks(question), ['unknown:resize_target_type']);
  assert.deepEqual(resizeBlocks({ ...question, target: TYPE, current: null }), ['unknown:resize_current_type']);
});
