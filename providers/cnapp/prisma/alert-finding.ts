import type { Finding } from '../../../schemas/posture.ts';
import type { Alert } from './alerts.ts';
import { severityId, statusId } from './words.ts';

/**
 * What a type of policy finds. A type that is newer than this table is read as a detection, the class that weighs most.
 * Flows are detections, rules of the network are configuration; both are policies of the type `network`.
 */
function classOf({ policy }: Alert): Finding['class_uid'] {
  switch (policy?.policyType?.toLowerCase()) {
    case 'config':
    case 'iam':
    case 'attack_path':
      return 2003;
    case 'network':
      return policy.policySubTypes?.includes('network_config') ? 2003 : 2004;
    case 'data':
      return 2006;
    case 'workload_vulnerability':
      return 2002;
    default:
      return 2004;
  }
}

/** Configuration and permissions stay as they are when a machine is stopped: their alerts are not waited for. */
const STAYS = new Set(['config', 'iam', 'data', 'workload_vulnerability']);

/** An alert as a finding. */
export function alertFinding(alert: Alert): Finding {
  const { policy } = alert;
  const policyId = alert.policyId ?? policy?.policyId ?? null;
  const status = statusId(alert.status);
  return {
    uid: alert.id,
    class_uid: classOf(alert),
    title: policy?.name ?? 'Alert without a policy name',
    severity_id: severityId(policy?.severity),
    status_id: status,
    first_seen_time: alert.firstSeen ?? null,
    last_seen_time: (status === 4 ? alert.lastUpdated : null) ?? alert.lastSeen ?? alert.lastUpdated ?? null,
    cve: null,
    isIssue: !STAYS.has(policy?.policyType?.toLowerCase() ?? ''),
    policy:
      policyId === null
        ? null
        : {
            uid: policyId,
            name: policy?.name ?? policyId,
            labels: (policy?.labels ?? []).filter((label) => typeof label === 'string'),
          },
  };
}

/** True when an open alert says that the asset can be reached from the internet. */
export function saysExposed(alert: Alert): boolean {
  return isOpen(alert) && (alert.policy?.policySubTypes?.includes('internet_exposure') ?? false);
}

/** True when an open alert says that there is sensitive data. */
export function saysSensitive(alert: Alert): boolean {
  return isOpen(alert) && alert.policy?.policyType?.toLowerCase() === 'data';
}

function isOpen(alert: Alert): boolean {
  return statusId(alert.status) !== 4;
}
