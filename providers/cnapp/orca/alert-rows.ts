import { z } from 'zod';
import { parseRow } from '../../rows.ts';
import { VENDOR } from './errors.ts';
import { instant, rowOf, text, texts } from './values.ts';

/** One alert, whichever of the two interfaces it came from. Null: the vendor did not say. */
export interface Alert {
  readonly id: string;
  /** Identifier of the kind of alert. */
  readonly type: string | null;
  readonly title: string | null;
  readonly category: string | null;
  /** Word of either scale. */
  readonly severity: string | null;
  readonly status: string | null;
  readonly createdAt: string | null;
  readonly lastSeenAt: string | null;
  readonly closedAt: string | null;
  readonly ruleId: string | null;
  readonly labels: readonly string[];
  readonly cves: readonly string[];
}

const Older = z.looseObject({
  state: z.looseObject({ alert_id: z.string({ error: 'must be the id of the alert' }).min(1) }),
});

const ASKED = { provider: VENDOR, operation: 'alerts' };

/** A row of the alert query. @throws RowError when it has no id */
export function olderAlert(node: unknown): Alert {
  const row = parseRow(Older, node, ASKED);
  const { state } = row;
  return {
    id: state.alert_id,
    type: text(row['type']),
    title: text(row['type_string']) ?? text(row['description']),
    category: text(row['category']),
    severity: text(state['risk_level']) ?? text(state['severity']),
    status: text(state['status']),
    createdAt: instant(state['created_at']),
    lastSeenAt: instant(state['last_seen']) ?? instant(state['last_updated']),
    closedAt: instant(state['closed_time']),
    ruleId: text(row['rule_id']),
    labels: texts(row['alert_labels']),
    // This interface lists no CVEs; the vulnerabilities of the asset are read on their own.
    cves: [],
  };
}

const Id = z.string({ error: 'must be the id of the alert' }).min(1);

/** A row of the model Alert. @throws RowError when it has no id */
export function servingAlert(node: unknown): Alert {
  const { values = {}, name = null } = rowOf(node) ?? {};
  const id = parseRow(z.object({ AlertId: Id }), { AlertId: values['AlertId'] ?? name }, ASKED);
  const closed = text(values['Status']) === 'closed';
  return {
    id: id.AlertId,
    type: text(values['AlertType']),
    title: text(values['Title']) ?? text(values['AlertType']),
    category: text(values['Category']),
    severity: text(values['RiskLevel']) ?? text(values['Severity']),
    status: text(values['Status']),
    createdAt: instant(values['CreatedAt']),
    lastSeenAt: instant(values['LastSeen']) ?? instant(values['LastUpdated']),
    closedAt: instant(values['ClosedTime']) ?? (closed ? instant(values['LastUpdated']) : null),
    ruleId: text(values['RuleId']),
    labels: texts(values['Labels']),
    cves: cvesIn(values['CveIds']),
  };
}

function cvesIn(value: unknown): readonly string[] {
  return [...new Set(texts(value).filter((id) => /^CVE-\d{4}-\d{4,}$/.test(id)))];
}
