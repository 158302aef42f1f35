import { z } from 'zod';
import { CNAPP_VENDORS, type CnappVendors } from '../providers/cnapp/vendors.ts';

export const CnappVendor = z.enum(Object.keys(CNAPP_VENDORS) as [keyof CnappVendors, ...(keyof CnappVendors)[]]);
export type CnappVendor = z.infer<typeof CnappVendor>;

type Sections = { [V in keyof CnappVendors]: z.ZodOptional<CnappVendors[V]['section']> };
const sections = Object.fromEntries(
  Object.entries(CNAPP_VENDORS).map(([vendor, { section }]) => [vendor, section.optional()]),
) as unknown as Sections;

/** Where inventory and posture come from: one vendor, or several in the order in which they are believed. */
export const Cnapp = z
  .object({
    vendor: z.union([CnappVendor.transform((v) => [v]), z.array(CnappVendor).min(1)]),
    /** A source that shows less than this share of what it showed at the last sweep is refused, not believed. */
    implausibleBelow: z.number().min(0).max(1).default(0.5),
    /** Policies of the CNAPP's own that forbid every change of an asset that violates them, by label, id or name. */
    blockingPolicies: z.array(z.string()).default(['idlewise-block', 'do-not-remediate']),
    ...sections,
  })
  .superRefine((cnapp, ctx) => {
    for (const vendor of cnapp.vendor)
      if (cnapp[vendor] === undefined)
        ctx.addIssue({ code: 'custom', path: [vendor], message: `must be given when cnapp.vendor names ${vendor}` });
  });
