import { z } from 'zod';
import { CostSettings } from '../providers/cost/settings.ts';
import { COST_VENDORS } from '../providers/cost/vendors.ts';
import { chosenIn, nameOf, sectionsOf } from './vendors.ts';

export const CostVendor = nameOf(COST_VENDORS);
export type CostVendor = z.infer<typeof CostVendor>;

/** Where costs come from. */
export const Cost = z
  .strictObject({
    /** One source, or several in the order in which they are believed. Each is asked about the accounts it covers. */
    vendor: z.union([CostVendor.transform((v) => [v]), z.array(CostVendor).min(1)]),
    ...CostSettings.shape,
    ...sectionsOf(COST_VENDORS),
  })
  .superRefine(chosenIn('cost', COST_VENDORS));
