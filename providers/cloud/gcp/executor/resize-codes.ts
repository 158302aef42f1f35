import { z } from 'zod';
import { familyNameOf, shapeOf } from '../../../../domain/clouds/gcp/shapes.ts';
import type { InstanceFacts } from '../../../../schemas/cloud-facts.ts';
import type { GcpSession } from '../clients.ts';
import { pathOf } from '../ids.ts';
import { getOrNull } from '../reader/list-all.ts';
import { OptionalText, OptionalWhole, parseGoogle } from '../reader/parse.ts';

const OPERATION = 'compute.machineTypes.get';
const MachineType = z.object({
  name: z.string(),
  maximumPersistentDisks: OptionalWhole,
  deprecated: z.object({ state: OptionalText }).nullish(),
});

/** Why the instance cannot become this machine type: what the zone offers, and what we know of both types. */
export async function resizeCodes(
  { compute }: GcpSession,
  facts: InstanceFacts,
  target: string | undefined,
): Promise<string[]> {
  if (!target) return ['preflight:resize_target_missing'];
  const codes: string[] = [];
  const [from, to] = [shapeOf(facts.instanceType), shapeOf(target)];
  if (from === null || to === null) codes.push('unknown:resize_shape');
  else if (from.architecture !== to.architecture) codes.push('resize_architecture');
  // Families differ in the disks and network cards they take.
  if (familyNameOf(facts.instanceType) !== familyNameOf(target)) codes.push('resize_family');
  const { projectId: project, place: zone } = pathOf(facts.assetKey);
  const row = await getOrNull(compute.machineTypes.get({ project, zone, machineType: target }), OPERATION);
  if (row === null) codes.push('resize_not_available');
  else {
    const { maximumPersistentDisks, deprecated } = parseGoogle(MachineType, row, OPERATION);
    if (deprecated?.state) codes.push('resize_type_deprecated');
    if (maximumPersistentDisks === null) codes.push('unknown:resize_disk_limit');
    else if (maximumPersistentDisks < facts.volumes.length) codes.push('resize_too_many_disks');
  }
  return codes.map((code) => `preflight:${code}`);
}
