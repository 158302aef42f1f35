import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import type { Readings } from '../../../ports/rows.ts';
import { parseRow, readRows } from '../../rows.ts';
import { VENDOR } from './errors.ts';
import { severityOf, Text, When } from './fields.ts';
import type { Reader } from './reading.ts';
import { cloudOf } from './resource-types.ts';
import { type Span, searchAll } from './search.ts';

const Row = z.object({
  id: Text,
  reason: Text,
  recommendation: Text,
  resource: Text,
  section: Text,
  severity: z.unknown().optional(),
  status: Text,
  reportTime: When,
});
type Row = z.infer<typeof Row>;

const EVALUATIONS = { provider: VENDOR, operation: 'Configs/ComplianceEvaluations/search' };

const STATUS: Readonly<Record<string, number>> = { NonCompliant: 1, Suppressed: 3, Exempted: 3, Compliant: 4 };

/** What an account violates: for each policy the rows of its newest report. */
export async function readViolations(
  { client, config, maxPages }: Reader,
  accountId: string,
  span: Span,
): Promise<Readings<Row>> {
  const cloud = cloudOf(accountId);
  const rows = await searchAll(
    client,
    {
      path: EVALUATIONS.operation,
      permission: 'read compliance evaluations',
      span,
      filters: [{ field: config.names.complianceAccount[cloud], expression: 'eq', value: accountId }],
      more: { dataset: config.names.complianceDataset[cloud] },
    },
    maxPages,
  );
  const { rows: read, rejected } = readEvaluations(rows);
  const newest = new Map<string, string>();
  for (const row of read) {
    const known = newest.get(policyOf(row)) ?? '';
    if (known < (row.reportTime ?? '')) newest.set(policyOf(row), row.reportTime ?? '');
  }
  const current = read.filter(
    (row) => row.status !== 'Compliant' && (row.reportTime ?? '') === (newest.get(policyOf(row)) ?? ''),
  );
  return { rows: current, rejected };
}

export function readEvaluations(nodes: readonly unknown[]): Readings<Row> {
  return readRows(nodes, { ...EVALUATIONS, read: (node) => parseRow(Row, node, EVALUATIONS) });
}

/** The violations of one asset as class 2003. `names` are the texts by which a row may mean it, in lower case. */
export function complianceFindings(rows: readonly Row[], names: ReadonlySet<string>): Finding[] {
  const findings = rows
    .filter((row) => row.resource && names.has(row.resource.toLowerCase()))
    .map((row): Finding => {
      const title = row.recommendation ?? row.reason ?? 'Violation without a title';
      return {
        uid: policyOf(row),
        class_uid: 2003,
        title,
        severity_id: severityOf(row.severity),
        status_id: STATUS[row.status ?? ''] ?? 0,
        first_seen_time: null,
        last_seen_time: row.reportTime,
        cve: null,
        isIssue: false,
        policy: { uid: policyOf(row), name: title, labels: row.section ? [row.section] : [] },
      };
    });
  return [...new Map(findings.map((f) => [f.uid, f])).values()];
}

function policyOf(row: Row): string {
  return row.id ?? row.recommendation ?? 'policy without an id';
}
