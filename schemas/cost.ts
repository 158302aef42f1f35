import { z } from 'zod';
import { DecimalText } from './money.ts';
import { IsoInstant } from './time.ts';

/**
 * What one asset costs, in FOCUS column names where FOCUS has one.
 * `monthlyRunRate` is EffectiveCost per day over the look-back × 730 h / 24 h.
 */
export const AssetCost = z.object({
  ResourceId: z.string(),
  SubAccountId: z.string(),
  RegionId: z.string().nullable(),
  ServiceName: z.string().nullable(),
  BillingCurrency: z.string().regex(/^[A-Z]{3}$/),
  ChargePeriodStart: IsoInstant,
  ChargePeriodEnd: IsoInstant,
  /** Sum over the charge period: what was invoiced. */
  BilledCost: DecimalText,
  /** Sum over the charge period: amortised, net of nothing. */
  EffectiveCost: DecimalText,
  CommitmentDiscountType: z.enum(['reservation', 'savings-plan']).nullable(),
  CommitmentDiscountId: z.string().nullable(),
  /** Share of the usage covered by a commitment, 0–1. */
  commitmentCoverage: z.number().min(0).max(1),
  commitmentEndsAt: IsoInstant.nullable(),
  monthlyRunRate: DecimalText,
  /** `billed` came from a bill; `list-price` is a marked estimate. */
  basis: z.enum(['billed', 'list-price']),
  /** Another cost source that says something else by more than a tenth. */
  disagreement: z.object({ source: z.string(), monthlyRunRate: DecimalText }).optional(),
  /** Daily EffectiveCost, oldest first; null where no row was billed. Up to 90 days. */
  dailyTrend: z.array(DecimalText.nullable()),
});
export type AssetCost = z.infer<typeof AssetCost>;
