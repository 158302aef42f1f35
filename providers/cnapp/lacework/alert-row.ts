import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import { parseRow } from '../../rows.ts';
import { VENDOR } from './errors.ts';
import { severityOf, Text, When } from './fields.ts';

const Row = z.object({
  alertId: z.union([z.number().int(), z.string().min(1)], { error: 'must be the id of the alert' }).transform(String),
  alertName: Text,
  alertType: Text,
  severity: z.unknown().optional(),
  status: Text,
  startTime: When,
  endTime: When,
  policyId: Text,
  alertInfo: z.object({ subject: Text, description: Text }).nullish().catch(null),
  derivedFields: z.object({ category: Text, sub_category: Text, source: Text }).nullish().catch(null),
});
export type Alert = z.infer<typeof Row>;

const STATUS: Readonly<Record<string, number>> = { open: 1, 'in progress': 2, closed: 4 };

export const ALERTS = { provider: VENDOR, operation: 'Alerts/search' };

/** @throws RowError for an alert without an id: it could be neither followed nor told anything */
export function readAlert(node: unknown): Alert {
  return parseRow(Row, node, ALERTS);
}

export function isClosed(alert: Alert): boolean {
  return alert.status?.toLowerCase() === 'closed';
}

/** Everything an alert says in words, in lower case. */
export function wordsOf(alert: Alert): string {
  return [alert.alertName, alert.alertInfo?.subject, alert.alertInfo?.description].join('\n').toLowerCase();
}

/** An alert as a finding. What is not a violation of a compliance policy counts as a detection, the class that weighs most. */
export function alertFinding(alert: Alert): Finding {
  const { category, sub_category, source } = alert.derivedFields ?? {};
  const name = alert.alertName ?? alert.alertType ?? 'Alert without a name';
  const labels = [category, sub_category, source, alert.alertType].filter((label) => typeof label === 'string');
  return {
    uid: alert.alertId,
    class_uid: category === 'Policy' && sub_category === 'Compliance' ? 2003 : 2004,
    title: name,
    severity_id: severityOf(alert.severity),
    status_id: STATUS[alert.status?.toLowerCase() ?? ''] ?? 0,
    first_seen_time: alert.startTime,
    last_seen_time: alert.endTime,
    cve: null,
    isIssue: true,
    policy: alert.policyId ? { uid: alert.policyId, name, labels: labels.filter((label) => label !== '') } : null,
  };
}
