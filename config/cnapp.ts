import { z } from 'zod';
import { CNAPP_VENDORS } from '../providers/cnapp/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

export const CnappVendor = nameOf(CNAPP_VENDORS);
export type CnappVendor = z.infer<typeof CnappVendor>;

/** Where inventory and posture come from: one vendor, or several in the order in which they are believed. */
export const Cnapp = z
  .strictObject({
    vendor: z.union([CnappVendor.transform((v) => [v]), z.array(CnappVendor).min(1)]),
    /** A source that shows less than this share of what it showed at the last sweep is refused, not believed. */
    implausibleBelow: z.number().min(0).max(1).default(0.5),
    /** Policies of the CNAPP's own that forbid every change of an asset that violates them, by label, id or name. */
    blockingPolicies: z.array(z.string()).default(['idlewise-block', 'do-not-remediate']),
    ...sectionsOf(CNAPP_VENDORS),
  })
  .superRefine(chosenIn('cnapp', CNAPP_VENDORS));
