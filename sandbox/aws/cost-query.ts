import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { BillRow } from './bill.ts';
import { AwsError } from './errors.ts';

const Leaf = z.object({
  Key: z.string(),
  Values: z.array(z.string()).default([]),
  MatchOptions: z.array(z.string()).optional(),
});
export type Expression = {
  And?: Expression[] | undefined;
  Or?: Expression[] | undefined;
  Not?: Expression | undefined;
  Dimensions?: z.infer<typeof Leaf> | undefined;
  Tags?: z.infer<typeof Leaf> | undefined;
};
const Expression: z.ZodType<Expression> = z.lazy(() =>
  z.object({
    And: z.array(Expression).optional(),
    Or: z.array(Expression).optional(),
    Not: Expression.optional(),
    Dimensions: Leaf.optional(),
    Tags: Leaf.optional(),
  }),
);

export const CostQuery = z.object({
  TimePeriod: z.object({ Start: z.iso.date(), End: z.iso.date() }),
  Granularity: z.enum(['DAILY', 'MONTHLY', 'HOURLY']),
  Metrics: z
    .array(
      z.enum([
        'AmortizedCost',
        'BlendedCost',
        'NetAmortizedCost',
        'NetUnblendedCost',
        'UnblendedCost',
        'UsageQuantity',
      ]),
    )
    .min(1),
  GroupBy: z
    .array(z.object({ Type: z.enum(['DIMENSION', 'TAG']), Key: z.string() }))
    .max(2)
    .default([]),
  Filter: Expression.optional(),
  NextPageToken: z.string().nullish(),
});
export type CostQuery = z.infer<typeof CostQuery>;
export type CostMetric = CostQuery['Metrics'][number];

const DIMENSIONS = new Set(['LINKED_ACCOUNT', 'SERVICE', 'REGION', 'RESOURCE_ID', 'PURCHASE_TYPE', 'RECORD_TYPE']);

/** Whether a row passes the filter. Exactly one operator per level, as the service demands. */
export function passes(row: BillRow, filter: Expression | undefined): boolean {
  if (!filter) return true;
  const operators = Object.values(filter).filter((v) => v !== undefined);
  if (operators.length !== 1) throw validation('Expression should have exactly one root operator');
  if (filter.And) return filter.And.every((e) => passes(row, e));
  if (filter.Or) return filter.Or.some((e) => passes(row, e));
  if (filter.Not) return !passes(row, filter.Not);
  if (filter.Tags) return filter.Tags.Values.includes(row.tags[filter.Tags.Key] ?? '');
  const leaf = filter.Dimensions;
  return leaf !== undefined && leaf.Values.includes(dimension(row, leaf.Key));
}

/** All leaves of one dimension anywhere in the filter. */
export function filteredValues(filter: Expression | undefined, key: string): string[] {
  if (!filter) return [];
  const below = [...(filter.And ?? []), ...(filter.Or ?? []), ...(filter.Not ? [filter.Not] : [])];
  const own = filter.Dimensions?.Key === key ? filter.Dimensions.Values : [];
  return [...own, ...below.flatMap((e) => filteredValues(e, key))];
}

export interface Group {
  readonly Keys: string[];
  readonly Metrics: Record<string, { Amount: string; Unit: string }>;
}

export function groupRows(rows: readonly BillRow[], query: Pick<CostQuery, 'GroupBy' | 'Metrics'>): Group[] {
  const groups = new Map<string, { keys: string[]; rows: BillRow[] }>();
  for (const row of rows) {
    const keys = query.GroupBy.map((g) =>
      g.Type === 'TAG' ? `${g.Key}$${row.tags[g.Key] ?? ''}` : dimension(row, g.Key),
    );
    const id = keys.join('\u0000');
    const group = groups.get(id) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()].map((g) => ({ Keys: g.keys, Metrics: totals(g.rows, query.Metrics) }));
}

export function totals(rows: readonly BillRow[], metrics: readonly CostMetric[]): Group['Metrics'] {
  return Object.fromEntries(
    metrics.map((metric) => {
      const amount = rows.reduce((sum, row) => sum.plus(amountOf(row, metric)), new Decimal(0));
      const unit = metric === 'UsageQuantity' ? 'N/A' : (rows[0]?.currency ?? 'USD');
      return [metric, { Amount: amount.toString(), Unit: unit }];
    }),
  );
}

function amountOf(row: BillRow, metric: CostMetric): string {
  switch (metric) {
    case 'AmortizedCost':
    case 'NetAmortizedCost':
      return row.amortized;
    case 'BlendedCost':
    case 'UnblendedCost':
    case 'NetUnblendedCost':
      return row.unblended;
    case 'UsageQuantity':
      return row.hours;
  }
}

function dimension(row: BillRow, key: string): string {
  if (!DIMENSIONS.has(key)) throw validation(`Dimension ${key} is not offered by this endpoint`);
  return row.dimensions[key] ?? '';
}

export const validation = (message: string): AwsError => new AwsError('ValidationException', message);
