import { z } from 'zod';

/** The configuration item of one asset. Null means the CMDB does not say. */
export const CmdbRecord = z.object({
  ciId: z.string(),
  resourceId: z.string(),
  name: z.string(),
  environment: z.string().nullable(),
  /** 1 most critical … 4 not critical. Null is treated as critical. */
  criticality: z.number().int().min(1).max(4).nullable(),
  ownerEmail: z.string().nullable(),
  supportGroup: z.string().nullable(),
  operationalStatus: z.string().nullable(),
  /** When the item may be changed, as people write it: "Sat 22:00–Sun 04:00 UTC". Null: the CMDB states none. */
  maintenanceWindow: z.string().nullable(),
  /** Zone of that schedule, for texts that name none. */
  maintenanceTimeZone: z.string().nullable().optional(),
  /** Name of the disaster-recovery role, e.g. "warm standby", when the CI states one. */
  disasterRecoveryRole: z.string().nullable(),
  /** CIs that depend on this one. */
  dependents: z.array(z.string()),
  openIncidents: z.array(z.string()),
});
export type CmdbRecord = z.infer<typeof CmdbRecord>;
