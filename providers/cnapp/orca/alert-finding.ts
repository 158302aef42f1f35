import type { Finding } from '../../../schemas/posture.ts';
import type { Alert } from './alert-rows.ts';

const CLASS: Readonly<Record<string, Finding['class_uid']>> = {
  'Neglected assets': 2003,
  'Vendor services misconfigurations': 2003,
  'Workload misconfigurations': 2003,
  'Best practices': 2003,
  'IAM misconfigurations': 2003,
  'Network misconfigurations': 2003,
  'Logging and monitoring': 2003,
  Authentication: 2003,
  'Lateral movement': 2003,
  'System integrity': 2003,
  'Data protection': 2006,
  'Data at risk': 2006,
  Vulnerabilities: 2002,
  'Source code vulnerabilities': 2002,
  Malware: 2004,
  'Malicious activity': 2004,
  'Suspicious activity': 2004,
};
/** Mining has no category of its own. */
const MINING = /crypto.?min|coin.?min|mining pool/i;

/** Both scales of the vendor: the older words, and those of its risk levels. */
const SEVERITY: Readonly<Record<string, number>> = {
  informational: 1,
  low: 2,
  medium: 3,
  hazardous: 3,
  high: 4,
  'imminent compromise': 4,
  critical: 5,
  compromised: 5,
};
const STATUS: Readonly<Record<string, number>> = { open: 1, in_progress: 2, dismissed: 3, snoozed: 3, closed: 4 };

const code = (table: Readonly<Record<string, number>>, word: string | null): number =>
  (word === null ? undefined : table[word.toLowerCase()]) ?? 0;

/** OCSF severity of a word of either scale; 0 for a word that is not known. */
export const severityOf = (word: string | null): number => code(SEVERITY, word);

/** An alert as OCSF 1.6 finding. What cannot be read becomes "unknown" and the finding stays. */
export function alertFinding(alert: Alert): Finding {
  const uid = alert.ruleId ?? alert.type;
  const name = alert.title ?? alert.type ?? 'Alert without a title';
  const [cve, ...more] = alert.cves;
  return {
    uid: alert.id,
    class_uid: classOf(alert),
    title: name,
    severity_id: severityOf(alert.severity),
    status_id: code(STATUS, alert.status),
    first_seen_time: alert.createdAt,
    last_seen_time: alert.closedAt ?? alert.lastSeenAt,
    cve:
      cve !== undefined && more.length === 0 ? { uid: cve, known_exploited: null, is_exploit_available: null } : null,
    isIssue: true,
    policy: uid === null ? null : { uid, name, labels: [...alert.labels] },
  };
}

/** A category that is newer than the table is read as a detection, the class that weighs most. */
function classOf(alert: Alert): Finding['class_uid'] {
  if ([alert.type, alert.title, ...alert.labels].some((word) => word !== null && MINING.test(word))) return 2004;
  return CLASS[alert.category ?? ''] ?? 2004;
}
