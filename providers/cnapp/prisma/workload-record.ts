import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import { LooseList, LooseMoment, LooseText } from './rows.ts';
import { severityId } from './words.ts';

const Vulnerability = z.object({
  cve: LooseText,
  severity: LooseText,
  packageName: LooseText,
  packageVersion: LooseText,
  discovered: LooseMoment,
  /** `""` none, `exploit-db`, `exploit-windows`, `cisa-kev`. */
  exploit: LooseText,
  description: LooseText,
});

/** A scanned host or image. */
export const WorkloadRecord = z.object({
  _id: LooseText,
  id: LooseText,
  scanTime: LooseMoment,
  err: LooseText,
  repoTag: z.object({ digest: LooseText }).nullish().catch(null),
  repoDigests: LooseList,
  cloudMetadata: z.object({ resourceID: LooseText, accountID: LooseText }).nullish().catch(null),
  vulnerabilities: z.array(z.unknown(), { error: 'must be a list, or null for none' }).nullish(),
  vulnerabilityDistribution: z
    .object({ total: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type WorkloadRecord = z.infer<typeof WorkloadRecord>;

/** True when the record counts vulnerabilities that its list does not hold: the list must not be taken for a clean one. */
export function hidesVulnerabilities(record: WorkloadRecord): boolean {
  return (record.vulnerabilities?.length ?? 0) === 0 && (record.vulnerabilityDistribution?.total ?? 0) > 0;
}

/** Vulnerabilities of one record. A row that cannot be read stays as a finding without details. */
export function vulnerabilityFindings(record: WorkloadRecord): Finding[] {
  const owner = record._id ?? record.id ?? 'workload';
  return (record.vulnerabilities ?? []).map((node, index) => {
    const row = Vulnerability.safeParse(node).data;
    const cve = row?.cve || null;
    const in_ = [row?.packageName, row?.packageVersion].filter(Boolean).join(' ');
    return {
      uid: `${owner}/${cve ?? index}/${row?.packageName ?? ''}`,
      class_uid: 2002,
      title: `${cve ?? 'Vulnerability without a name'}${in_ === '' ? '' : ` in ${in_}`}`,
      severity_id: severityId(row?.severity),
      status_id: 1,
      first_seen_time: row?.discovered ?? null,
      last_seen_time: record.scanTime ?? null,
      cve: cve === null ? null : { uid: cve, ...exploitation(row?.exploit) },
      isIssue: false,
      policy: null,
    };
  });
}

/** The field has room for one word, so a public exploit does not say that it is not also in use. */
function exploitation(word: string | null | undefined) {
  if (word === null || word === undefined) return { known_exploited: null, is_exploit_available: null };
  if (word === '') return { known_exploited: false, is_exploit_available: false };
  return { known_exploited: word === 'cisa-kev' ? true : null, is_exploit_available: true };
}
