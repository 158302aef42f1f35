import { Decimal } from 'decimal.js';
import { dailyToMonthly } from '../../../domain/money.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import type { DailyRow } from './daily-rows.ts';

export interface CostFrame {
  readonly accountId: string;
  readonly currency: string;
  /** The resource-level window's days, oldest first. */
  readonly days: readonly string[];
  /** The trend's days, oldest first; ends with the same day as `days`. */
  readonly trendDays: readonly string[];
}

/**
 * Costs of one resource. The run-rate is the mean of its full days: a resource created inside the window starts with a
 * partial day, which is left out; a day without a row after that counts as zero, because nothing was billed.
 */
export function assetCost(
  resourceId: string,
  rowOn: (day: string) => DailyRow | undefined,
  frame: CostFrame,
): AssetCost {
  const { accountId, currency, days, trendDays } = frame;
  const first = days.findIndex((day) => rowOn(day) !== undefined);
  const bornInside = first > 0 && !trendDays.some((day) => day < (days[0] as string) && rowOn(day) !== undefined);
  const full = days.slice(bornInside ? first + 1 : 0);
  const total = (of: readonly string[], key: keyof DailyRow) =>
    of.reduce((sum, day) => sum.plus(rowOn(day)?.[key] ?? 0), new Decimal(0));
  const effective = total(days, 'amortized');
  const reserved = total(days, 'reserved');
  const savingsPlan = total(days, 'savingsPlan');
  const covered = reserved.plus(savingsPlan);
  const mean = full.length > 0 ? total(full, 'amortized').div(full.length) : effective;
  return {
    ResourceId: resourceId,
    SubAccountId: accountId,
    // Two of the two group-by keys are spent on resource and purchase type.
    RegionId: null,
    ServiceName: null,
    BillingCurrency: currency,
    ChargePeriodStart: `${days[0]}T00:00:00Z`,
    ChargePeriodEnd: new Date(Date.parse(days.at(-1) as string) + 86_400_000).toISOString(),
    BilledCost: total(days, 'unblended').toString(),
    EffectiveCost: effective.toString(),
    CommitmentDiscountType: covered.isZero() ? null : reserved.gte(savingsPlan) ? 'reservation' : 'savings-plan',
    // Cost Explorer names neither the commitment nor its end at resource level.
    CommitmentDiscountId: null,
    commitmentCoverage: effective.isZero() ? 0 : Math.min(1, covered.div(effective).toDecimalPlaces(4).toNumber()),
    commitmentEndsAt: null,
    monthlyRunRate: dailyToMonthly(mean.toString()),
    basis: 'billed',
    dailyTrend: trendDays.map((day) => rowOn(day)?.amortized ?? null),
  };
}
