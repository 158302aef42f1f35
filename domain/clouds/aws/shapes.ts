import type { InstanceShape } from '../port.ts';

/**
 * Sizes of the EC2 families we may move an instance within: `size:vCPU:GiB`, smallest first.
 * Facts of DescribeInstanceTypes, November 2026. Families with local disks and bare-metal sizes are left out on purpose:
 * changing them loses data. A family that is not here gets no downsizing option.
 */
const FAMILIES: readonly (readonly [family: string, architecture: 'x86_64' | 'arm64', sizes: string])[] = [
  ['t2', 'x86_64', 'nano:1:0.5 micro:1:1 small:1:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32'],
  ['t3', 'x86_64', 'nano:2:0.5 micro:2:1 small:2:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32'],
  ['t3a', 'x86_64', 'nano:2:0.5 micro:2:1 small:2:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32'],
  ['t4g', 'arm64', 'nano:2:0.5 micro:2:1 small:2:2 medium:2:4 large:2:8 xlarge:4:16 2xlarge:8:32'],
  ['m4', 'x86_64', 'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 10xlarge:40:160 16xlarge:64:256'],
  [
    'm5',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384',
  ],
  [
    'm5a',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384',
  ],
  [
    'm5n',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384',
  ],
  [
    'm6i',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512',
  ],
  [
    'm6a',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 48xlarge:192:768',
  ],
  [
    'm6g',
    'arm64',
    'medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256',
  ],
  [
    'm6in',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512',
  ],
  [
    'm7i',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 48xlarge:192:768',
  ],
  [
    'm7i-flex',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256',
  ],
  [
    'm7a',
    'x86_64',
    'medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 48xlarge:192:768',
  ],
  [
    'm7g',
    'arm64',
    'medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256',
  ],
  [
    'm8i',
    'x86_64',
    'large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 32xlarge:128:512 48xlarge:192:768 96xlarge:384:1536',
  ],
  [
    'm8g',
    'arm64',
    'medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 48xlarge:192:768',
  ],
  [
    'm8a',
    'x86_64',
    'medium:1:4 large:2:8 xlarge:4:16 2xlarge:8:32 4xlarge:16:64 8xlarge:32:128 12xlarge:48:192 16xlarge:64:256 24xlarge:96:384 48xlarge:192:768',
  ],
  ['c4', 'x86_64', 'large:2:3.75 xlarge:4:7.5 2xlarge:8:15 4xlarge:16:30 8xlarge:36:60'],
  [
    'c5',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 9xlarge:36:72 12xlarge:48:96 18xlarge:72:144 24xlarge:96:192',
  ],
  [
    'c5a',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192',
  ],
  ['c5n', 'x86_64', 'large:2:5.25 xlarge:4:10.5 2xlarge:8:21 4xlarge:16:42 9xlarge:36:96 18xlarge:72:192'],
  [
    'c6i',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256',
  ],
  [
    'c6a',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 48xlarge:192:384',
  ],
  [
    'c6g',
    'arm64',
    'medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128',
  ],
  [
    'c6in',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256',
  ],
  [
    'c7i',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 48xlarge:192:384',
  ],
  [
    'c7i-flex',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128',
  ],
  [
    'c7a',
    'x86_64',
    'medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 48xlarge:192:384',
  ],
  [
    'c7g',
    'arm64',
    'medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128',
  ],
  [
    'c8i',
    'x86_64',
    'large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 32xlarge:128:256 48xlarge:192:384 96xlarge:384:768',
  ],
  [
    'c8g',
    'arm64',
    'medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 48xlarge:192:384',
  ],
  [
    'c8a',
    'x86_64',
    'medium:1:2 large:2:4 xlarge:4:8 2xlarge:8:16 4xlarge:16:32 8xlarge:32:64 12xlarge:48:96 16xlarge:64:128 24xlarge:96:192 48xlarge:192:384',
  ],
  ['r4', 'x86_64', 'large:2:15.25 xlarge:4:30.5 2xlarge:8:61 4xlarge:16:122 8xlarge:32:244 16xlarge:64:488'],
  [
    'r5',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768',
  ],
  [
    'r5a',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768',
  ],
  [
    'r5b',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768',
  ],
  [
    'r5n',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768',
  ],
  [
    'r6i',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024',
  ],
  [
    'r6a',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 48xlarge:192:1536',
  ],
  [
    'r6g',
    'arm64',
    'medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512',
  ],
  [
    'r7i',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 48xlarge:192:1536',
  ],
  [
    'r7a',
    'x86_64',
    'medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 48xlarge:192:1536',
  ],
  [
    'r7g',
    'arm64',
    'medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512',
  ],
  [
    'r8i',
    'x86_64',
    'large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 32xlarge:128:1024 48xlarge:192:1536 96xlarge:384:3072',
  ],
  [
    'r8g',
    'arm64',
    'medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 48xlarge:192:1536',
  ],
  [
    'r8a',
    'x86_64',
    'medium:1:8 large:2:16 xlarge:4:32 2xlarge:8:64 4xlarge:16:128 8xlarge:32:256 12xlarge:48:384 16xlarge:64:512 24xlarge:96:768 48xlarge:192:1536',
  ],
  [
    'x8g',
    'arm64',
    'medium:1:16 large:2:32 xlarge:4:64 2xlarge:8:128 4xlarge:16:256 8xlarge:32:512 12xlarge:48:768 16xlarge:64:1024 24xlarge:96:1536 48xlarge:192:3072',
  ],
];

/** Shapes of one family, smallest first; empty when the family is not known. */
export function familyOf(instanceType: string): readonly InstanceShape[] {
  const family = instanceType.split('.')[0];
  const row = FAMILIES.find(([name]) => name === family);
  if (row === undefined) return [];
  const [name, architecture, sizes] = row;
  return sizes.split(' ').map((text) => {
    const [size, vcpus, memoryGiB] = text.split(':');
    const baseline = BASELINES[name === 't2' ? 't2' : 't3']?.[size ?? ''];
    return {
      instanceType: `${name}.${size}`,
      architecture,
      vcpus: Number(vcpus),
      memoryGiB: Number(memoryGiB),
      ...(name.startsWith('t') && baseline !== undefined && { baselinePercent: baseline }),
    };
  });
}

/** Baseline per vCPU of the burstable families, from the EC2 user guide; no API has it. t3a and t4g are as t3. */
const BASELINES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  t2: { nano: 5, micro: 10, small: 20, medium: 20, large: 30, xlarge: 22.5, '2xlarge': 16.9 },
  t3: { nano: 5, micro: 10, small: 20, medium: 20, large: 30, xlarge: 40, '2xlarge': 40 },
};

export function shapeOf(instanceType: string): InstanceShape | null {
  return familyOf(instanceType).find((s) => s.instanceType === instanceType) ?? null;
}

/** AWS's own normalisation factors: the price of a family is linear in them. Null for an unknown size. */
export function sizeFactor(instanceType: string): number | null {
  const size = instanceType.split('.')[1] ?? '';
  const known = NAMED_FACTORS[size];
  if (known !== undefined) return known;
  const multiple = /^(\d{1,3})xlarge$/.exec(size);
  return multiple === null ? null : Number(multiple[1]) * 8;
}

const NAMED_FACTORS: Readonly<Record<string, number>> = {
  nano: 0.25,
  micro: 0.5,
  small: 1,
  medium: 2,
  large: 4,
  xlarge: 8,
};
