import type { Decimal } from 'decimal.js';
import { dailyToMonthly } from '../../../domain/money.ts';
import type { AssetCost } from '../../../schemas/cost.ts';
import type { LineCommitment } from './cost-line.ts';
import { DAY_MS } from './days.ts';
import { Exact } from './exact.ts';

export interface CostFrame {
  readonly accountId: string;
  readonly currency: string;
  /** The run-rate's days, oldest first. */
  readonly days: readonly string[];
  /** The trend's days, oldest first; ends with the same day as `days`. */
  readonly trendDays: readonly string[];
}

/** Amounts of one resource on one day; `covered` is the part of `effective` that a commitment paid for. */
export interface CostedDay {
  readonly effective: Decimal.Value;
  readonly billed: Decimal.Value;
  readonly covered: Decimal.Value;
}

export interface CostedResource {
  readonly resourceId: string;
  readonly regionId: string | null;
  readonly serviceName: string | null;
  /** `type` is null where the source says that something was committed, but not what. */
  readonly commitment: (Omit<LineCommitment, 'type'> & { readonly type: LineCommitment['type'] | null }) | null;
  /** True when the resource was billed before the window began. */
  readonly older: boolean;
  /** Amounts on the frame's days, in their order. */
  readonly window: readonly (CostedDay | undefined)[];
  /** EffectiveCost on the frame's trend days, in their order. */
  readonly trend: readonly (string | null)[];
}

/**
 * Costs of one resource, the same whatever the source. The run-rate is the mean of its full days: a resource created
 * inside the window starts with a partial day, which is left out; a day without a row after that counts as zero, because
 * nothing was billed.
 */
export function assetCost(resource: CostedResource, frame: CostFrame): AssetCost {
  const { accountId, currency, days } = frame;
  const { commitment, window } = resource;
  const first = window.findIndex((day) => day !== undefined);
  const full = window.slice(first > 0 && !resource.older ? first + 1 : 0);
  const total = (of: typeof window, key: keyof CostedDay): Decimal =>
    of.reduce((sum, day) => (day === undefined || day[key] === '0' ? sum : sum.plus(day[key])), new Exact(0));
  const effective = total(window, 'effective');
  const covered = total(window, 'covered');
  const mean = full.length > 0 ? total(full, 'effective').div(full.length) : effective;
  return {
    ResourceId: resource.resourceId,
    SubAccountId: accountId,
    RegionId: resource.regionId,
    ServiceName: resource.serviceName,
    BillingCurrency: currency,
    ChargePeriodStart: new Date(days[0] as string).toISOString(),
    ChargePeriodEnd: new Date(Date.parse(days.at(-1) as string) + DAY_MS).toISOString(),
    BilledCost: total(window, 'billed').toFixed(),
    EffectiveCost: effective.toFixed(),
    CommitmentDiscountType: commitment?.type ?? null,
    CommitmentDiscountId: commitment?.id ?? null,
    commitmentCoverage: effective.isZero() ? 0 : Math.min(1, covered.div(effective).toDecimalPlaces(4).toNumber()),
    commitmentEndsAt: commitment?.endsAt ?? null,
    monthlyRunRate: dailyToMonthly(mean.toString()),
    basis: 'billed',
    dailyTrend: [...resource.trend],
  };
}
