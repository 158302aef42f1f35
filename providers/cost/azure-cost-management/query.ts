import type { AzureCost } from './section.ts';
import { addDays } from '../shared/days.ts';

/** What an asset costs, without what is refunded, adjusted or taxed on top of it. */
const RUNNING = ['Usage'];
/** Of the whole subscription also what was committed and not used: it is paid all the same. */
const RUNNING_AND_UNUSED = ['Usage', 'UnusedReservation', 'UnusedSavingsPlan'];
const COMMITTED = ['Reservation', 'SavingsPlan'];

export interface CostBody {
  readonly type: 'AmortizedCost';
  readonly timeframe: 'Custom';
  readonly timePeriod: { readonly from: string; readonly to: string };
  readonly dataset: Readonly<Record<string, unknown>>;
}

/** Amortised cost by day, resource and how it is priced: two groupings are all there are. */
export function byResource(asOf: string, days: number): CostBody {
  return body(asOf, days, {
    granularity: 'Daily',
    grouping: [dimension('ResourceId'), dimension('PricingModel')],
    filter: isIn('ChargeType', RUNNING),
  });
}

/** Which commitment paid for which resource, over the whole window. */
export function byCommitment(asOf: string, days: number, name: AzureCost['commitmentDimension']): CostBody {
  return body(asOf, days, {
    granularity: 'None',
    grouping: [dimension('ResourceId'), dimension(name)],
    filter: { and: [isIn('ChargeType', RUNNING), isIn('PricingModel', COMMITTED)] },
  });
}

/** Amortised cost of the whole subscription by day. */
export function ofSubscription(asOf: string, days: number): CostBody {
  return body(asOf, days, { granularity: 'Daily', filter: isIn('ChargeType', RUNNING_AND_UNUSED) });
}

function body(asOf: string, days: number, dataset: Record<string, unknown>): CostBody {
  return {
    type: 'AmortizedCost',
    timeframe: 'Custom',
    // Both ends are included, so the period ends inside the day before.
    timePeriod: { from: `${addDays(asOf, -days)}T00:00:00Z`, to: `${addDays(asOf, -1)}T23:59:59Z` },
    dataset: { ...dataset, aggregation: { cost: { name: 'Cost', function: 'Sum' } } },
  };
}

function dimension(name: string) {
  return { type: 'Dimension', name };
}

function isIn(name: string, values: readonly string[]) {
  return { dimensions: { name, operator: 'In', values } };
}
