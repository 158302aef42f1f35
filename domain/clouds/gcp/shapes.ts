import { Decimal } from 'decimal.js';
import type { InstanceShape } from '../port.ts';

/**
 * Predefined machine types we may move a machine within: `<family>-<vCPU>` with so much memory per vCPU, smallest first. Facts of
 * the published machine family pages, 2024-09. Families that come with local SSDs are left out on purpose.
 */
const FAMILIES: readonly (readonly [family: string, gibPerVcpu: number, vcpus: readonly number[]])[] = [
  ['e2-standard', 4, [2, 4, 8, 16, 32]],
  ['e2-highmem', 8, [2, 4, 8, 16]],
  ['e2-highcpu', 1, [2, 4, 8, 16, 32]],
  ['n1-standard', 3.75, [1, 2, 4, 8, 16, 32, 64, 96]],
  ['n1-highmem', 6.5, [2, 4, 8, 16, 32, 64, 96]],
  ['n1-highcpu', 0.9, [2, 4, 8, 16, 32, 64, 96]],
  ['n2-standard', 4, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128]],
  ['n2-highmem', 8, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['n2-highcpu', 1, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['n2d-standard', 4, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224]],
  ['n2d-highmem', 8, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
  ['n2d-highcpu', 1, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224]],
  ['c2-standard', 4, [4, 8, 16, 30, 60]],
  ['t2d-standard', 4, [1, 2, 4, 8, 16, 32, 48, 60]],
  ['t2a-standard', 4, [1, 2, 4, 8, 16, 32, 48]],
];

/** Shared cores follow no rule of their own: two vCPUs are seen, a quarter, a half or one of them is there all the time. */
const SHARED: readonly InstanceShape[] = (
  [
    ['e2-micro', 1, 12.5],
    ['e2-small', 2, 25],
    ['e2-medium', 4, 50],
  ] as const
).map(([instanceType, memoryGiB, baselinePercent]) => ({
  instanceType,
  architecture: 'x86_64',
  vcpus: 2,
  memoryGiB,
  baselinePercent,
}));

/** `n2-standard` of `n2-standard-8`; null for custom types and others of another form. */
export function familyNameOf(machineType: string): string | null {
  if (SHARED.some((s) => s.instanceType === machineType)) return 'e2-shared';
  return /^([a-z0-9]+-(?:standard|highmem|highcpu))-\d+$/.exec(machineType)?.[1] ?? null;
}

/** Shapes of one family, smallest first; empty when the family is not known. */
export function familyOf(machineType: string): readonly InstanceShape[] {
  const name = familyNameOf(machineType);
  if (name === 'e2-shared') return SHARED;
  const row = FAMILIES.find(([family]) => family === name);
  if (row === undefined) return [];
  const [family, gibPerVcpu, sizes] = row;
  const architecture = family.startsWith('t2a') ? 'arm64' : 'x86_64';
  return sizes.map((vcpus) => ({
    instanceType: `${family}-${vcpus}`,
    architecture,
    vcpus,
    memoryGiB: new Decimal(gibPerVcpu).times(vcpus).toNumber(),
  }));
}

export function shapeOf(machineType: string): InstanceShape | null {
  return familyOf(machineType).find((s) => s.instanceType === machineType) ?? null;
}

/** Cores and memory are billed by the unit, so within a family prices are linear; shared cores are priced one by one. */
export function linearRatio(from: string, to: string): Decimal | null {
  const [was, is] = [shapeOf(from), shapeOf(to)];
  const family = familyNameOf(from);
  if (was === null || is === null || family !== familyNameOf(to) || family === 'e2-shared') return null;
  return new Decimal(is.vcpus).div(was.vcpus);
}
