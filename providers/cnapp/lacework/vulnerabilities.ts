import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import type { Readings } from '../../../ports/rows.ts';
import { parseRow, readRows } from '../../rows.ts';
import { VENDOR } from './errors.ts';
import { anyOf, at, documentOf, severityOf, Text, textAt, When, yesOrNo } from './fields.ts';
import type { Lacework } from './section.ts';

/**
 * A field we cannot read becomes "unknown" and the finding stays: dropping a finding would make an asset look safer than it
 * is. Only a row without an id is an error.
 */
const Row = z.object({
  vulnId: z.string({ error: 'must be the id of the vulnerability' }).min(1),
  severity: z.unknown().optional(),
  status: Text,
  evalGuid: Text,
  startTime: When,
  featureKey: z.object({ name: Text, version_installed: Text, version: Text }).nullish().catch(null),
  props: z.object({ first_time_seen: When }).nullish().catch(null),
});
type Row = z.infer<typeof Row>;

/** Hosts say whether it is still there, images whether the image is good. */
const STATUS: Readonly<Record<string, number>> = {
  New: 1,
  Active: 1,
  Reopened: 1,
  VULNERABLE: 1,
  Fixed: 4,
  FixedOnDiscovery: 4,
  GOOD: 4,
};

/**
 * The vulnerabilities that the newest evaluation still found, as class 2002. A resource that is looked at by an agent and from
 * outside has a newest evaluation for each.
 */
export function vulnerabilityFindings(
  nodes: readonly unknown[],
  names: Lacework['names'],
  path: string,
): Readings<Finding> {
  const asked = { provider: VENDOR, operation: path };
  const { rows: read, rejected } = readRows(nodes, {
    ...asked,
    read: (node) => ({ node, row: parseRow(Row, node, asked), by: textAt(node, 'evalCtx.collector_type') ?? '' }),
    idOf: (node) => textAt(node, 'featureKey.name'),
  });
  const newest = new Map<string, { readonly at: string; readonly guid: string | null }>();
  for (const { row, by } of read) {
    const startedAt = row.startTime ?? '';
    const known = newest.get(by);
    if (!known || known.at < startedAt) newest.set(by, { at: startedAt, guid: row.evalGuid ?? null });
  }
  const findings = read
    .filter(({ row, by }) => (row.evalGuid ?? null) === newest.get(by)?.guid)
    .map(({ node, row }) => findingOf(node, row, names))
    .filter((finding) => finding.status_id !== 4);
  return { rows: [...new Map(findings.map((f) => [f.uid, f])).values()], rejected };
}

function findingOf(node: unknown, row: Row, names: Lacework['names']): Finding {
  const part = row.featureKey?.name ?? 'an unnamed package';
  const version = row.featureKey?.version_installed ?? row.featureKey?.version ?? '';
  const status = row.status ?? '';
  return {
    uid: `${row.vulnId}/${part}`,
    class_uid: 2002,
    title: `${row.vulnId} in ${part} ${version}`.trim(),
    severity_id: severityOf(row.severity),
    status_id: names.exceptionStatuses.includes(status) ? 3 : (STATUS[status] ?? 0),
    first_seen_time: row.props?.first_time_seen ?? null,
    last_seen_time: row.startTime,
    cve: { uid: row.vulnId, ...exploitOf(node, names) },
    isIssue: false,
  };
}

/** Whether exploits exist and are used, where the row says so; the vendor has no list of known exploited vulnerabilities. */
function exploitOf(node: unknown, names: Lacework['names']) {
  const summary =
    names.exploitSummaries.map((path) => documentOf(at(node, path))).find((found) => found !== null) ?? {};
  const any = (keys: readonly string[]) => anyOf(...keys.map((key) => yesOrNo(summary[key])));
  return { known_exploited: any(names.knownExploited), is_exploit_available: any(names.publicExploit) };
}
