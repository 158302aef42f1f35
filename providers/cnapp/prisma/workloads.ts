import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import { ProviderErrorKind as Kind } from '../../../ports/errors.ts';
import type { Readings } from '../../../ports/rows.ts';
import { parseRow, readRows, textOf } from '../../rows.ts';
import type { ComputeClient } from './compute-client.ts';
import { failure, firstProblem, VENDOR } from './errors.ts';
import { LooseFlag, LooseMoment, LooseText } from './rows.ts';
import { severityId } from './words.ts';
import { hidesVulnerabilities, vulnerabilityFindings, WorkloadRecord } from './workload-record.ts';

export interface Host {
  readonly accountId: string;
  /** The platform's `id` of the virtual machine. */
  readonly id: string;
}

/** The newest scan of a virtual machine, or null when Compute has never scanned it. */
export async function readHost(compute: ComputeClient, host: Host): Promise<WorkloadRecord | null> {
  const query = { resourceIDs: host.id, accountIDs: host.accountId };
  const records = (await compute.all('hosts', '/hosts', query)).map((row) => {
    const parsed = WorkloadRecord.safeParse(row);
    if (!parsed.success) throw failure('hosts', Kind.Malformed, firstProblem(parsed.error));
    return parsed.data;
  });
  // A filter the console does not know answers with every host there is.
  const own = records.filter((r) => r.cloudMetadata?.resourceID?.toLowerCase() === host.id.toLowerCase());
  return newest(own);
}

/** Vulnerabilities of a virtual machine by its newest scan. */
export function hostFindings(record: WorkloadRecord | null): Finding[] {
  if (record === null) return [];
  if (hidesVulnerabilities(record))
    throw failure('hosts', Kind.Malformed, 'vulnerabilities: the list is empty although the record counts some');
  return vulnerabilityFindings(record);
}

export function newest(records: readonly WorkloadRecord[]): WorkloadRecord | null {
  return records.reduce<WorkloadRecord | null>(
    (best, r) => (best === null || (r.scanTime ?? '') > (best.scanTime ?? '') ? r : best),
    null,
  );
}

const Incident = z.object({
  _id: z.string({ error: 'must be the id of the incident' }).min(1),
  time: LooseMoment,
  category: LooseText,
  type: LooseText,
  resourceID: LooseText,
  acknowledged: LooseFlag,
  audits: z
    .array(z.object({ severity: LooseText, msg: LooseText }).catch({ severity: null, msg: null }))
    .nullish()
    .catch(null),
});

/** Runtime incidents of a virtual machine since a moment. Acknowledged is what somebody looked at and put away. */
export async function readIncidents(compute: ComputeClient, host: Host, since: string): Promise<Readings<Finding>> {
  const query = { resourceIDs: host.id, accountIDs: host.accountId, from: since };
  const rows = await compute.all('incidents', '/audits/incidents', query);
  const asked = { provider: VENDOR, operation: 'incidents' };
  const read = (node: unknown): readonly Finding[] => {
    const row = parseRow(Incident, node, asked);
    if (row.resourceID && row.resourceID.toLowerCase() !== host.id.toLowerCase()) return [];
    const severities = (row.audits ?? []).map((audit) => severityId(audit.severity));
    return [
      {
        uid: row._id,
        class_uid: 2004 as const,
        title: `Runtime incident: ${row.category ?? 'of a kind that is not stated'}`,
        severity_id: Math.max(0, ...severities),
        status_id: row.acknowledged === true ? 3 : 1,
        first_seen_time: row.time ?? null,
        last_seen_time: row.time ?? null,
        cve: null,
        isIssue: false,
        policy: null,
      },
    ];
  };
  const incidents = readRows(rows, { ...asked, read, idOf: (node) => textOf(node, 'category') });
  return { rows: incidents.rows.flat(), rejected: incidents.rejected };
}
