import { DescribeInstanceTypesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { RejectedRow } from '../../../../ports/rows.ts';
import { describeByIds } from './by-ids.ts';
import { readAws } from './parse.ts';

const Support = z.string().nullish();
const WireType = z.object({
  InstanceType: z.string(),
  Hypervisor: z.string().nullish(),
  BareMetal: z.boolean().nullish(),
  InstanceStorageSupported: z.boolean().nullish(),
  SupportedRootDeviceTypes: z.array(z.string()).nullish(),
  SupportedVirtualizationTypes: z.array(z.string()).nullish(),
  SupportedUsageClasses: z.array(z.string()).nullish(),
  SupportedBootModes: z.array(z.string()).nullish(),
  ProcessorInfo: z.object({ SupportedArchitectures: z.array(z.string()).nullish() }).nullish(),
  EbsInfo: z.object({ NvmeSupport: Support, MaximumEbsAttachments: z.number().nullish() }).nullish(),
  NetworkInfo: z
    .object({
      EnaSupport: Support,
      MaximumNetworkInterfaces: z.number().nullish(),
      Ipv4AddressesPerInterface: z.number().nullish(),
    })
    .nullish(),
});

/** Published properties of one instance type; null means EC2 did not say. */
export interface InstanceTypeInfo {
  readonly instanceType: string;
  readonly hypervisor: string | null;
  readonly bareMetal: boolean | null;
  readonly instanceStorage: boolean | null;
  readonly rootDeviceTypes: readonly string[] | null;
  readonly virtualizationTypes: readonly string[] | null;
  readonly usageClasses: readonly string[] | null;
  readonly bootModes: readonly string[] | null;
  readonly architectures: readonly string[] | null;
  readonly nvmeSupport: string | null;
  readonly maxVolumes: number | null;
  readonly enaSupport: string | null;
  readonly maxInterfaces: number | null;
  readonly maxIpsPerInterface: number | null;
}

/** DescribeInstanceTypes takes at most this many names. */
const BATCH = 100;
const OPERATION = 'ec2:DescribeInstanceTypes';

/** Unknown type names are absent from the answer. Throws ProviderError. */
export async function describeInstanceTypes(
  ec2: EC2Client,
  names: readonly string[],
): Promise<{ readonly byName: ReadonlyMap<string, InstanceTypeInfo>; readonly rejected: readonly RejectedRow[] }> {
  const nodes = await describeByIds([...new Set(names)], { batch: BATCH, operation: OPERATION }, async (batch) => {
    const answer = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: batch as never[] }));
    return answer.InstanceTypes ?? [];
  });
  const { rows, rejected } = readInstanceTypes(nodes);
  return { byName: new Map(rows.map((row) => [row.InstanceType, toInfo(row)])), rejected };
}

/** Rows of DescribeInstanceTypes. */
export function readInstanceTypes(nodes: readonly unknown[]) {
  return readAws(WireType, nodes, { operation: OPERATION, id: 'InstanceType' });
}

function toInfo(row: z.infer<typeof WireType>): InstanceTypeInfo {
  return {
    instanceType: row.InstanceType,
    hypervisor: row.Hypervisor ?? null,
    bareMetal: row.BareMetal ?? null,
    instanceStorage: row.InstanceStorageSupported ?? null,
    rootDeviceTypes: row.SupportedRootDeviceTypes ?? null,
    virtualizationTypes: row.SupportedVirtualizationTypes ?? null,
    usageClasses: row.SupportedUsageClasses ?? null,
    bootModes: row.SupportedBootModes ?? null,
    architectures: row.ProcessorInfo?.SupportedArchitectures ?? null,
    nvmeSupport: row.EbsInfo?.NvmeSupport ?? null,
    maxVolumes: row.EbsInfo?.MaximumEbsAttachments ?? null,
    enaSupport: row.NetworkInfo?.EnaSupport ?? null,
    maxInterfaces: row.NetworkInfo?.MaximumNetworkInterfaces ?? null,
    maxIpsPerInterface: row.NetworkInfo?.Ipv4AddressesPerInterface ?? null,
  };
}
