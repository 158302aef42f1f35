import type { InstanceFacts } from '../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { ActionName, Reversibility } from '../../schemas/option.ts';
import { cloudOf } from '../clouds/index.ts';
import { knownExploitedExposed } from '../risk/exposure.ts';

/**
 * Why policy or pre-flight would refuse this action now, by the names of the pre-flight checklist. The option is still
 * shown, so that a person sees what would have to change. What cannot be known blocks, too (`unknown:…`).
 */
export function blockersOf(action: ActionName, reversibility: Reversibility, record: AssetRecord): string[] {
  const facts = record.facts;
  if (facts === null) return ['unknown:facts'];
  const blockers: string[] = [];
  const block = (code: string, value: boolean | null) => {
    if (value === null) blockers.push(`unknown:${code}`);
    else if (value) blockers.push(code);
  };
  switch (facts.kind) {
    case 'instance':
      instanceBlockers(action, facts, block);
      break;
    case 'volume':
      block('volume_in_use', facts.state !== 'available' || facts.attachedInstanceIds.length > 0);
      block('multi_attach', facts.multiAttach);
      break;
    case 'address':
      block('address_associated', facts.state === 'associated' || facts.associationId !== null);
      break;
    case 'load-balancer':
      block('deletion_protection', facts.deletionProtection);
      break;
    case 'database':
      block('replica', facts.replicaOf !== null || facts.replicas.length > 0);
      block('cluster_member', facts.clusterId !== null);
      break;
    case 'resource':
      block('report_only', true);
      break;
  }
  // Evidence of an intrusion must be kept before anything is destroyed, and an unknown posture may hide it.
  if (reversibility !== 'reversible') block('known_exploited_exposed', knownExploitedExposed(record.posture));
  block('open_incident', (record.cmdb?.openIncidents.length ?? 0) > 0);
  return blockers;
}

function instanceBlockers(
  action: ActionName,
  facts: InstanceFacts,
  block: (code: string, value: boolean | null) => void,
): void {
  block('asg_member', facts.scalingGroup !== null);
  if (facts.managedBy !== null) block(`managed_by_${facts.managedBy}`, true);
  block('spot', facts.spot);
  const running = facts.state === 'running';
  const stops = running || action !== 'snapshot-and-terminate-instance';
  if (stops) block('stop_protection', facts.stopProtection);
  const cloud = cloudOf(facts.provider);
  for (const code of cloud === null ? ['unknown:cloud'] : cloud.instanceBlockers(action, facts))
    block(code.replace(/^unknown:/, ''), code.startsWith('unknown:') ? null : true);
  if (action === 'snapshot-and-terminate-instance') block('termination_protection', facts.deletionProtection);
  if (action === 'resize-instance') block('architecture', facts.architecture === null ? null : false);
}
