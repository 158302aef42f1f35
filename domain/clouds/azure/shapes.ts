import { Decimal } from 'decimal.js';
import type { InstanceShape } from '../port.ts';

/**
 * Sizes of the VM series we may move a machine within: `vCPU:GiB`, smallest first, of `Standard_<letter><vCPU><features>_<version>`.
 * Facts of the published series pages, 2024-09. Series with local data disks are left out on purpose: changing them loses data.
 */
const D = '2:8 4:16 8:32 16:64 32:128 48:192 64:256';
const D96 = `${D} 96:384`;
const E = '2:16 4:32 8:64 16:128 20:160 32:256 48:384';
const E96 = `${E} 64:512 96:672`;
const SERIES: readonly (readonly [series: string, sizes: string])[] = [
  ['D_v3', D],
  ['Ds_v3', D],
  ['D_v4', D],
  ['Ds_v4', D],
  ['Dd_v4', D],
  ['Dds_v4', D],
  ['Da_v4', D96],
  ['Das_v4', D96],
  ['D_v5', D96],
  ['Ds_v5', D96],
  ['Dd_v5', D96],
  ['Dds_v5', D96],
  ['Das_v5', D96],
  ['Dads_v5', D96],
  ['E_v3', E],
  ['Es_v3', E],
  ['E_v4', E],
  ['Es_v4', E],
  ['Ed_v4', E],
  ['Eds_v4', E],
  ['E_v5', E96],
  ['Es_v5', E96],
  ['Ed_v5', E96],
  ['Eds_v5', E96],
  ['Eas_v5', E96],
  ['Eads_v5', E96],
  ['Fs_v2', '2:4 4:8 8:16 16:32 32:64 48:96 64:128 72:144'],
];

/**
 * The burstable sizes follow no rule of their own. The last figure is what they deliver all the time, of all of their
 * vCPUs: the page of the series says it of one.
 */
const BURSTABLE: readonly InstanceShape[] = (
  [
    ['B1ls', 1, 0.5, 5],
    ['B1s', 1, 1, 10],
    ['B1ms', 1, 2, 20],
    ['B2s', 2, 4, 20],
    ['B2ms', 2, 8, 30],
    ['B4ms', 4, 16, 22.5],
    ['B8ms', 8, 32, 16.8],
    ['B12ms', 12, 48, 16.8],
    ['B16ms', 16, 64, 16.8],
    ['B20ms', 20, 80, 16.8],
  ] as const
).map(([size, vcpus, memoryGiB, baselinePercent]) => ({
  instanceType: `Standard_${size}`,
  architecture: 'x86_64',
  vcpus,
  memoryGiB,
  baselinePercent,
}));

/** `Ds_v5` of `Standard_D4s_v5`; null for a name of another form. */
export function seriesOf(vmSize: string): string | null {
  const parts = /^Standard_(?<letter>[A-Z]+)\d+(?<features>[a-z]*)(?:_(?<version>v\d+))?$/.exec(vmSize)?.groups;
  if (parts === undefined) return null;
  const { letter = '', features = '', version } = parts;
  if (letter === 'B' && version === undefined) return 'B';
  return `${letter}${features}${version === undefined ? '' : `_${version}`}`;
}

/** Shapes of one series, smallest first; empty when the series is not known. */
export function familyOf(vmSize: string): readonly InstanceShape[] {
  const series = seriesOf(vmSize);
  if (series === 'B') return BURSTABLE;
  const row = SERIES.find(([name]) => name === series);
  if (row === undefined) return [];
  const letter = row[0].slice(0, 1);
  const rest = row[0].slice(1);
  return row[1].split(' ').map((text) => {
    const [vcpus, memoryGiB] = text.split(':');
    return {
      instanceType: `Standard_${letter}${vcpus}${rest}`,
      architecture: 'x86_64',
      vcpus: Number(vcpus),
      memoryGiB: Number(memoryGiB),
    };
  });
}

export function shapeOf(vmSize: string): InstanceShape | null {
  return familyOf(vmSize).find((s) => s.instanceType === vmSize) ?? null;
}

/** Within one of the series above prices are linear in vCPUs; burstable sizes are priced one by one. */
export function linearRatio(from: string, to: string): Decimal | null {
  const [was, is] = [shapeOf(from), shapeOf(to)];
  if (was === null || is === null || seriesOf(from) !== seriesOf(to) || seriesOf(from) === 'B') return null;
  return new Decimal(is.vcpus).div(was.vcpus);
}
