import type { Tag } from '@aws-sdk/client-ec2';
import type { VolumeFacts } from '../../../../../schemas/cloud-facts.ts';
import { PLAN_TAG, type Snapshot } from '../snapshots.ts';

/** On a volume made by a rollback: the plan it undoes. */
export const RESTORED_FROM = 'idlewise:restored-from-plan';
const OURS = 'idlewise:';
/** EC2 allows 50 tags. */
const TAG_LIMIT = 50;

/**
 * A snapshot does not know where its volume was or how fast. These tags, set in the creating call, carry all that is needed to
 * make the volume again after it is gone, together with as many of its own tags as fit.
 */
export function snapshotTags(facts: VolumeFacts, planDigest: string): Tag[] {
  const ours: Tag[] = [
    { Key: PLAN_TAG, Value: planDigest },
    { Key: 'idlewise:volume', Value: facts.resourceId },
    { Key: 'idlewise:zone', Value: facts.zone },
    { Key: 'idlewise:volume-type', Value: facts.volumeType },
    ...(facts.iops === null ? [] : [{ Key: 'idlewise:iops', Value: String(facts.iops) }]),
    ...(facts.throughput === null ? [] : [{ Key: 'idlewise:throughput', Value: String(facts.throughput) }]),
  ];
  const theirs = Object.entries(facts.tags)
    .filter(([key]) => !key.startsWith('aws:') && !key.startsWith(OURS))
    .map(([Key, Value]) => ({ Key, Value }));
  return [...ours, ...theirs].slice(0, TAG_LIMIT);
}

/** The volume a snapshot's tags describe, or null when they are not there. */
export function restoreSpec(snapshot: Snapshot): {
  zone: string;
  volumeType: string;
  iops: number | undefined;
  throughput: number | undefined;
  tags: Tag[];
} | null {
  const tags = snapshot.Tags;
  const zone = tags['idlewise:zone'];
  const volumeType = tags['idlewise:volume-type'];
  if (!zone || !volumeType) return null;
  return {
    zone,
    volumeType,
    // Only these types take the setting; the others report a derived number that must not be sent back.
    iops: ['io1', 'io2', 'gp3'].includes(volumeType) ? numberOf(tags['idlewise:iops']) : undefined,
    throughput: volumeType === 'gp3' ? numberOf(tags['idlewise:throughput']) : undefined,
    tags: Object.entries(tags)
      .filter(([key]) => !key.startsWith(OURS) && !key.startsWith('aws:'))
      .map(([Key, Value]) => ({ Key, Value })),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text && /^\d+$/.test(text) ? Number(text) : undefined;
}
