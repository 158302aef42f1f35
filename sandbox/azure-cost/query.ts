import { z } from 'zod';
import { badRequest } from './errors.ts';

const DAY_MS = 86_400_000;

/** Dimensions a query may group and filter by. */
export const DIMENSIONS = [
  'ResourceId',
  'ResourceGroup',
  'ResourceGroupName',
  'ResourceType',
  'ResourceLocation',
  'SubscriptionId',
  'SubscriptionName',
  'ServiceName',
  'ServiceFamily',
  'MeterCategory',
  'MeterSubcategory',
  'Meter',
  'MeterId',
  'ChargeType',
  'PricingModel',
  'PublisherType',
  'ReservationId',
  'BenefitId',
  'UnitOfMeasure',
  'Product',
  'Frequency',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const MEASURES = ['Cost', 'CostUSD', 'PreTaxCost', 'PreTaxCostUSD', 'UsageQuantity'] as const;
export type Measure = (typeof MEASURES)[number];

const Leaf = z.strictObject({ name: z.string(), operator: z.literal('In'), values: z.array(z.string()).min(1) });
const Filter = z.union([
  z.strictObject({ dimensions: Leaf.extend({ name: z.enum(DIMENSIONS) }) }),
  z.strictObject({ tags: Leaf }),
  z.strictObject({
    get and() {
      return z.array(Filter).min(2);
    },
  }),
  z.strictObject({
    get or() {
      return z.array(Filter).min(2);
    },
  }),
]);
export type Filter = z.infer<typeof Filter>;

const Grouping = z.union([
  z.strictObject({ type: z.literal('Dimension'), name: z.enum(DIMENSIONS) }),
  z.strictObject({ type: z.literal('TagKey'), name: z.string() }),
]);
export type Grouping = z.infer<typeof Grouping>;

const Query = z.strictObject({
  type: z.enum(['ActualCost', 'AmortizedCost', 'Usage']),
  timeframe: z.enum([
    'MonthToDate',
    'BillingMonthToDate',
    'TheLastMonth',
    'TheLastBillingMonth',
    'WeekToDate',
    'Custom',
  ]),
  timePeriod: z
    .strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) })
    .optional(),
  dataset: z.strictObject({
    granularity: z.enum(['Daily', 'Monthly', 'None']).default('None'),
    aggregation: z
      .record(z.string(), z.strictObject({ name: z.enum(MEASURES), function: z.literal('Sum') }))
      .refine((map) => Object.keys(map).length >= 1 && Object.keys(map).length <= 2, '1 or 2 aggregations are allowed'),
    grouping: z.array(Grouping).max(2).default([]),
    filter: Filter.optional(),
  }),
});

export interface CostQuery {
  readonly type: 'ActualCost' | 'AmortizedCost' | 'Usage';
  readonly granularity: 'Daily' | 'Monthly' | 'None';
  readonly aggregation: readonly { readonly alias: string; readonly measure: Measure }[];
  readonly grouping: readonly Grouping[];
  readonly filter: Filter | undefined;
  /** Days as YYYY-MM-DD; `to` is the day after the last one. */
  readonly from: string;
  readonly to: string;
}

/** Parses a body as the service would. Only Custom periods are answered. @throws ArmError 400 */
export function parseQuery(raw: unknown): CostQuery {
  const parsed = Query.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw badRequest(`Invalid query definition: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { type, timeframe, timePeriod, dataset } = parsed.data;
  if (timeframe !== 'Custom' || !timePeriod) throw badRequest('timePeriod is needed with timeframe Custom');
  const from = timePeriod.from.slice(0, 10);
  // Both ends are inclusive: the day `to` is in counts whole.
  const to = new Date(Date.parse(timePeriod.to.slice(0, 10)) + DAY_MS).toISOString().slice(0, 10);
  if (to <= from) throw badRequest('timePeriod.to is before timePeriod.from');
  if (Date.parse(to) - Date.parse(from) > 366 * DAY_MS) throw badRequest('The date range must not exceed one year');
  const aggregation = Object.entries(dataset.aggregation).map(([alias, { name }]) => ({ alias, measure: name }));
  const { granularity, grouping, filter } = dataset;
  return { type, granularity, aggregation, grouping, filter, from, to };
}

/** Query processing units: one for each calendar month that is looked at. */
export function unitsOf({ from, to }: Pick<CostQuery, 'from' | 'to'>): number {
  const last = new Date(Date.parse(to) - DAY_MS);
  const first = new Date(Date.parse(from));
  return (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth() + 1;
}
