import type { InstanceFacts } from '../../schemas/cloud-facts.ts';
import type { AssetRecord } from '../../schemas/detection.ts';
import type { ActionName, Reversibility } from '../../schemas/option.ts';
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
  switch (facts.resourceType) {
    case 'AWS::EC2::Instance':
      instanceBlockers(action, facts, block);
      break;
    case 'AWS::EC2::Volume':
      block('volume_in_use', facts.state !== 'available' || facts.attachedInstanceIds.length > 0);
      block('multi_attach', facts.multiAttach);
      break;
    case 'AWS::EC2::EIP':
      block('address_associated', facts.state === 'associated' || facts.associationId !== null);
      break;
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      block('deletion_protection', facts.deletionProtection);
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
  block('asg_member', facts.autoScalingGroup !== null);
  if (facts.managedBy !== null) block(`managed_by_${facts.managedBy}`, true);
  block('spot', facts.spot);
  const running = facts.state === 'running';
  const stops = running || action !== 'snapshot-and-terminate-instance';
  if (stops) block('stop_protection', facts.stopProtection);
  block('root_device_instance_store', facts.rootDeviceType === null ? null : facts.rootDeviceType !== 'ebs');
  block('instance_store_volumes', facts.instanceStoreVolumes);
  if (action === 'snapshot-and-terminate-instance') block('termination_protection', facts.terminationProtection);
  if (action === 'resize-instance') block('architecture', facts.architecture === null ? null : false);
}
