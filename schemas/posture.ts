import { z } from 'zod';
import { IsoInstant } from './time.ts';

/** OCSF 1.6 finding classes we use: vulnerability, compliance (misconfiguration), detection, data security. */
export const FindingClass = z.union([z.literal(2002), z.literal(2003), z.literal(2004), z.literal(2006)]);

/** One posture fact about an asset, aligned to OCSF 1.6 names and enumerations. */
export const Finding = z.object({
  /** `finding_info.uid`: the vendor's id. */
  uid: z.string(),
  class_uid: FindingClass,
  title: z.string(),
  /** OCSF severity_id: 0 unknown, 1 informational, 2 low, 3 medium, 4 high, 5 critical. */
  severity_id: z.number().int().min(0).max(6),
  /** OCSF status_id: 1 new, 2 in progress, 3 suppressed, 4 resolved, 0 unknown. */
  status_id: z.number().int().min(0).max(99),
  first_seen_time: IsoInstant.nullable(),
  last_seen_time: IsoInstant.nullable(),
  cve: z
    .object({ uid: z.string(), known_exploited: z.boolean().nullable(), is_exploit_available: z.boolean().nullable() })
    .nullable(),
  /** True when it is the vendor's issue that takes notes and is re-read after a change. */
  isIssue: z.boolean(),
  /** The vendor's policy, control or rule behind it, with its labels: the second opinion before a change reads them. */
  policy: z
    .object({ uid: z.string(), name: z.string(), labels: z.array(z.string()) })
    .nullable()
    .optional(),
});
export type Finding = z.infer<typeof Finding>;

/** A finding that was sent and could not be read. It may be any finding, so where one forbids, this one does. */
export const UnreadFinding = z.object({
  source: z.string().optional(),
  operation: z.string().optional(),
  rowId: z.string().nullable(),
  field: z.string(),
  found: z.string(),
  fix: z.string(),
});
export type UnreadFinding = z.infer<typeof UnreadFinding>;

/** The posture of one asset as one CNAPP reports it. Null means "not known", never "no". */
export const Posture = z.object({
  source: z.string(),
  vendorId: z.string(),
  observedAt: IsoInstant,
  internetExposed: z.boolean().nullable(),
  openPorts: z.array(z.string()),
  adminPrivileges: z.boolean().nullable(),
  sensitiveData: z.boolean().nullable(),
  /** Roles and identities the asset acts as; null or left out: not known. */
  iamRoles: z.array(z.string()).nullable().optional(),
  findings: z.array(Finding),
  /** Left out: all were read. */
  unread: z.array(UnreadFinding).optional(),
  /** Flags on which several CNAPPs contradict each other. */
  disagreements: z.array(z.string()).optional(),
});
export type Posture = z.infer<typeof Posture>;
