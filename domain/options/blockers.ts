import type { AssetRecord } from '../../schemas/detection.ts';
import type { ActionName, Reversibility } from '../../schemas/option.ts';
import { refusals } from '../clouds/checklist.ts';
import { cloudOf } from '../clouds/index.ts';
import { knownExploitedExposed } from '../risk/exposure.ts';

/**
 * Why policy or pre-flight would refuse this action now, by the codes of the checklist that pre-flight asks as well. The
 * option is still shown, so that a person sees what would have to change. What cannot be known blocks, too (`unknown:…`).
 */
export function blockersOf(action: ActionName, reversibility: Reversibility, record: AssetRecord): string[] {
  const { facts, asset } = record;
  if (facts === null) return ['unknown:facts'];
  const cloud = cloudOf(asset.provider);
  const blockers = cloud === null ? ['unknown:cloud'] : refusals(cloud.checklist, action, facts);
  // Evidence of an intrusion must be kept before anything is destroyed, and an unknown posture may hide it.
  if (reversibility !== 'reversible') {
    const exposed = knownExploitedExposed(record.posture);
    if (exposed === null) blockers.push('unknown:known_exploited_exposed');
    else if (exposed) blockers.push('known_exploited_exposed');
  }
  if ((record.cmdb?.openIncidents.length ?? 0) > 0) blockers.push('open_incident');
  return blockers;
}
