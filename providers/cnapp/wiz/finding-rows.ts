import { z } from 'zod';
import type { Finding } from '../../../schemas/posture.ts';
import type { Readings } from '../../../ports/rows.ts';
import { parseRow, readRows, textOf } from '../../rows.ts';
import { VENDOR } from './errors.ts';
import { Instant } from './inventory-row.ts';
import { policyOf, Rule } from './policy.ts';

/**
 * Findings as OCSF 1.6. A field we cannot read becomes "unknown" and the finding stays: dropping a finding would make
 * an asset look safer than it is. Only a row without an id is unread.
 */
const Text = z.string().nullish().catch(null);
const When = Instant.catch(null);
const Flag = z.boolean().nullish().catch(null);
const Id = z.string({ error: 'must be the id of the finding' }).min(1);

const Issue = z.object({
  id: Id,
  type: Text,
  status: Text,
  severity: Text,
  createdAt: When,
  updatedAt: When,
  resolvedAt: When,
  sourceRules: z.array(Rule).nullish().catch(null),
});

const Configuration = z.object({
  id: Id,
  name: Text,
  status: Text,
  severity: Text,
  firstSeenAt: When,
  analyzedAt: When,
  rule: Rule,
});

const Vulnerability = z.object({
  id: Id,
  name: Text,
  detailedName: Text,
  status: Text,
  severity: Text,
  hasExploit: Flag,
  hasCisaKevExploit: Flag,
  firstDetectedAt: When,
  lastDetectedAt: When,
});

const Detection = z.object({
  id: Id,
  severity: Text,
  createdAt: When,
  updatedAt: When,
  startedAt: When,
  endedAt: When,
  issue: z.object({ status: Text }).nullish().catch(null),
  ruleMatch: z.object({ rule: Rule }).nullish().catch(null),
});

const SEVERITY: Readonly<Record<string, number>> = {
  INFORMATIONAL: 1,
  NONE: 1,
  LOW: 2,
  MEDIUM: 3,
  HIGH: 4,
  CRITICAL: 5,
};
const STATUS: Readonly<Record<string, number>> = {
  OPEN: 1,
  UNRESOLVED: 1,
  IN_PROGRESS: 2,
  REJECTED: 3,
  IGNORED: 3,
  RESOLVED: 4,
  PASSED: 4,
};
/** A kind of issue that is newer than this table is read as a detection, the class that weighs most. */
const ISSUE_CLASS: Readonly<Record<string, 2003 | 2004>> = {
  TOXIC_COMBINATION: 2003,
  RISK_TOXIC_COMBINATION: 2003,
  CLOUD_CONFIGURATION: 2003,
  ATTACK_SURFACE: 2003,
  THREAT_DETECTION: 2004,
};

const asked = (operation: string) => ({ provider: VENDOR, operation });

const code = (table: Readonly<Record<string, number>>, word: string | null | undefined): number =>
  (word ? table[word] : undefined) ?? 0;

export function issueFinding(node: unknown): Finding {
  const row = parseRow(Issue, node, asked('issuesV2'));
  return {
    uid: row.id,
    class_uid: ISSUE_CLASS[row.type ?? ''] ?? 2004,
    title: row.sourceRules?.[0]?.name ?? 'Issue without a rule name',
    severity_id: code(SEVERITY, row.severity),
    status_id: code(STATUS, row.status),
    first_seen_time: row.createdAt ?? null,
    last_seen_time: row.resolvedAt ?? row.updatedAt ?? null,
    cve: null,
    isIssue: true,
    policy: policyOf(row.sourceRules),
  };
}

export function configurationFinding(node: unknown): Finding {
  const row = parseRow(Configuration, node, asked('configurationFindings'));
  return {
    uid: row.id,
    class_uid: 2003,
    title: row.name ?? row.rule?.name ?? 'Misconfiguration without a name',
    severity_id: code(SEVERITY, row.severity),
    status_id: code(STATUS, row.status),
    first_seen_time: row.firstSeenAt ?? null,
    last_seen_time: row.analyzedAt ?? null,
    cve: null,
    isIssue: false,
    policy: policyOf([row.rule]),
  };
}

export function vulnerabilityFinding(node: unknown): Finding {
  const row = parseRow(Vulnerability, node, asked('vulnerabilityFindings'));
  return {
    uid: row.id,
    class_uid: 2002,
    title: row.detailedName ?? row.name ?? 'Vulnerability without a name',
    severity_id: code(SEVERITY, row.severity),
    status_id: code(STATUS, row.status),
    first_seen_time: row.firstDetectedAt ?? null,
    last_seen_time: row.lastDetectedAt ?? null,
    cve: {
      uid: row.name ?? row.id,
      known_exploited: row.hasCisaKevExploit ?? null,
      is_exploit_available: row.hasExploit ?? null,
    },
    isIssue: false,
    policy: null,
  };
}

/**
 * A threat detection. It has no status of its own: it is as open as the issue it belongs to, and without one that is unknown.
 * It takes no notes, so it is not an issue; the issue is read beside it.
 */
export function detectionFinding(node: unknown): Finding {
  const row = parseRow(Detection, node, asked('detections'));
  return {
    uid: row.id,
    class_uid: 2004,
    title: row.ruleMatch?.rule?.name ?? 'Detection without a rule name',
    severity_id: code(SEVERITY, row.severity),
    status_id: code(STATUS, row.issue?.status),
    first_seen_time: row.startedAt ?? row.createdAt ?? null,
    last_seen_time: row.endedAt ?? row.updatedAt ?? null,
    cve: null,
    isIssue: false,
    policy: policyOf([row.ruleMatch?.rule]),
  };
}

const Exposure = z.object({ type: Text, portRange: Text });

/** Ports open to the internet, e.g. `22`, `8000-8100`. An exposure whose ports are not stated reads `unknown`. */
export function openPorts(nodes: readonly unknown[]): readonly string[] {
  const ports = nodes.map((node) => Exposure.safeParse(node).data?.portRange ?? 'unknown');
  return [...new Set(ports)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A list as findings, row by row. */
export function readFindings(nodes: readonly unknown[], read: (node: unknown) => Finding): Readings<Finding> {
  return readRows(nodes, { ...asked('findings'), read, idOf: (node) => textOf(node, 'name') });
}

/** Lists that move while being read repeat rows; the later reading counts. */
export function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((f) => [f.uid, f])).values()];
}
