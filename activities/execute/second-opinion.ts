import { kindOf } from '../../domain/resource-kinds.ts';
import type { CnappPort } from '../../ports/cnapp.ts';
import { isProviderError } from '../../ports/errors.ts';
import type { AssetRef } from '../../schemas/asset.ts';
import type { Finding, UnreadFinding } from '../../schemas/posture.ts';
import type { CaseDocument } from '../../schemas/records.ts';

export interface SecondOpinion {
  /** Names of the CNAPP's own policies that forbid the change; empty: none does. */
  readonly conflicts: readonly string[];
  /** A threat was detected on the asset since it was assessed. */
  readonly newDetection: boolean;
}

/** OCSF status_id: 3 suppressed, 4 resolved. */
const CLOSED: readonly number[] = [3, 4];
const DETECTION = 2004;

/**
 * What the CNAPP itself says right before a cloud is called: its posture is read afresh, because weeks may lie between
 * the assessment and the approval. A CNAPP that cannot be asked fails the attempt, which is then tried again; one that has
 * never seen the asset forbids nothing.
 */
export async function secondOpinion(
  cnapp: Pick<CnappPort, 'posture'>,
  change: { readonly asset: AssetRef; readonly document: CaseDocument; readonly blocking: readonly string[] },
): Promise<SecondOpinion> {
  const { asset, document, blocking } = change;
  if (kindOf(asset.resourceType) === 'resource') return { conflicts: [], newDetection: false };
  const before = document.record.posture;
  try {
    const { findings, unread = [] } = await cnapp.posture({ ...asset, vendorId: before?.vendorId ?? null });
    const open = findings.filter((f) => !CLOSED.includes(f.status_id));
    const known = new Set(before?.findings.map((f) => f.uid));
    return {
      // What could not be read may be the policy that forbids.
      conflicts: [...new Set([...open.flatMap((f) => conflictOf(f, blocking)), ...unread.map(unreadName)])],
      newDetection: open.some((f) => f.class_uid === DETECTION && !known.has(f.uid)),
    };
  } catch (error) {
    if (isProviderError(error, 'not-found')) return { conflicts: [], newDetection: false };
    throw error;
  }
}

function unreadName({ source = 'the CNAPP', field, found }: UnreadFinding): string {
  return `a finding of ${source} that could not be read (${field}: found ${found})`;
}

function conflictOf({ policy }: Finding, blocking: readonly string[]): readonly string[] {
  if (!policy) return [];
  const wanted = new Set(blocking.map((word) => word.toLowerCase()));
  const hit = [policy.uid, policy.name, ...policy.labels].some((word) => wanted.has(word.toLowerCase()));
  return hit ? [policy.name] : [];
}
