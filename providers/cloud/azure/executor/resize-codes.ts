import { z } from 'zod';
import { shapeOf } from '../../../../domain/clouds/azure/shapes.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import type { Readings } from '../../../../ports/rows.ts';
import { readRows, textOf } from '../../../rows.ts';
import type { AzureSession } from '../clients.ts';
import { listAll } from '../reader/list-all.ts';
import { parseAzure } from '../reader/parse.ts';
import { hasLocalDisks } from '../reader/vm-state.ts';
import { pathOf } from './place.ts';

const OPERATION = 'Microsoft.Compute/virtualMachines/vmSizes/read';
const Size = z.object({ name: z.string(), maxDataDiskCount: z.number() });

/** Why the machine cannot become this size: Azure's own list of what it may become, and what we know of both sizes. */
export async function resizeCodes(
  { compute }: AzureSession,
  facts: InstanceFacts,
  target: string | undefined,
): Promise<string[]> {
  if (!target) return ['preflight:resize_target_missing'];
  const codes: string[] = [];
  const [from, to] = [shapeOf(facts.instanceType), shapeOf(target)];
  if (from === null || to === null) codes.push('unknown:resize_shape');
  else if (from.architecture !== to.architecture) codes.push('resize_architecture');
  if (hasLocalDisks(target) !== false) codes.push('resize_local_disks');
  // A size with a temporary disk and one without cannot become each other.
  if (hasTemporaryDisk(facts.instanceType) !== hasTemporaryDisk(target)) codes.push('resize_temporary_disk');
  const { resourceGroup, name } = pathOf(facts.assetKey);
  const rows = await listAll(compute.virtualMachines.listAvailableSizes(resourceGroup, name), OPERATION);
  const size = readSizes(rows).rows.find((s) => s.name.toLowerCase() === target.toLowerCase());
  if (size === undefined) codes.push('resize_not_available');
  else if (size.maxDataDiskCount < facts.volumes.length - 1) codes.push('resize_too_many_disks');
  return codes.map((code) => `preflight:${code}`);
}

/** Rows of a list of sizes. What cannot be read is no size to become. */
export function readSizes(nodes: readonly unknown[]): Readings<z.infer<typeof Size>> {
  const read = (node: unknown) => parseAzure(Size, node, OPERATION);
  return readRows(nodes, { provider: 'azure', operation: OPERATION, read, idOf: (node) => textOf(node, 'name') });
}

/** From version 4 on a `d` says so; before, and in the B series, every size has one. */
function hasTemporaryDisk(vmSize: string): boolean {
  const version = Number(/_v(\d+)$/.exec(vmSize)?.[1] ?? 1);
  return version < 4 || /^Standard_[A-Z]+\d+[a-z]*d/.test(vmSize);
}
