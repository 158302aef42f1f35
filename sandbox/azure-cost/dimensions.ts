import { Decimal } from 'decimal.js';
import type { DailyBillRow } from '../kit/bill-source.ts';
import type { CostQuery, Dimension, Filter, Grouping, Measure } from './query.ts';

const Exact = Decimal.clone({ precision: 200, toExpNeg: -100, toExpPos: 100 });

/** What a bill row is called in a dimension; empty where it has no such thing. Resource ids come in lower case. */
export function valueIn(row: DailyBillRow, dimension: Dimension): string {
  const id = row.resourceId?.toLowerCase() ?? '';
  switch (dimension) {
    case 'ResourceId':
      return id;
    case 'ResourceGroup':
    case 'ResourceGroupName':
      return /\/resourcegroups\/([^/]+)/.exec(id)?.[1] ?? '';
    case 'ResourceType':
      return /\/providers\/([^/]+\/[^/]+)/.exec(id)?.[1] ?? '';
    case 'ResourceLocation':
      return row.region ?? '';
    case 'SubscriptionId':
    case 'SubscriptionName':
      return row.accountId;
    case 'ServiceName':
    case 'ServiceFamily':
    case 'MeterCategory':
    case 'MeterSubcategory':
    case 'Meter':
    case 'Product':
      return row.service;
    case 'ChargeType':
      return chargeType(row);
    case 'PricingModel':
      if (!row.commitment) return 'OnDemand';
      return row.commitment.type === 'reservation' ? 'Reservation' : 'SavingsPlan';
    case 'ReservationId':
      return row.commitment?.type === 'reservation' ? (row.commitment.id ?? '') : '';
    case 'BenefitId':
      return row.commitment?.id ?? '';
    case 'UnitOfMeasure':
      return row.usage?.unit ?? '';
    case 'PublisherType':
      return 'Azure';
    case 'Frequency':
      return row.chargeType === 'purchase' ? 'Recurring' : 'UsageBased';
    case 'MeterId':
      return '';
  }
}

function chargeType({ chargeType: type, commitment }: DailyBillRow): string {
  switch (type) {
    case 'usage':
      if (!commitment?.unused) return 'Usage';
      return commitment.type === 'reservation' ? 'UnusedReservation' : 'UnusedSavingsPlan';
    case 'purchase':
      return 'Purchase';
    case 'refund':
      return 'Refund';
    case 'credit':
      return 'Adjustment';
    case 'tax':
      return 'Tax';
  }
}

export function passes(row: DailyBillRow, filter: Filter | undefined): boolean {
  if (filter === undefined) return true;
  if ('and' in filter) return filter.and.every((part) => passes(row, part));
  if ('or' in filter) return filter.or.some((part) => passes(row, part));
  if ('tags' in filter) return filter.tags.values.includes(row.tags[filter.tags.name] ?? '');
  const { name, values } = filter.dimensions;
  const own = valueIn(row, name).toLowerCase();
  return values.some((value) => value.toLowerCase() === own);
}

/** Whether a row is seen by this kind of query: purchases of commitments are spread over what they pay for, or billed. */
export function isOf(row: DailyBillRow, type: CostQuery['type']): boolean {
  if (type === 'AmortizedCost') return !(row.chargeType === 'purchase' && row.commitment);
  return !row.commitment?.unused;
}

/** Text of a JSON number; a sum with something in it that is no number is none either. */
export function sumOf(rows: readonly DailyBillRow[], measure: Measure, type: CostQuery['type']): string {
  let sum = new Exact(0);
  for (const row of rows) {
    const amount = amountOf(row, measure, type);
    if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(amount)) return '"NaN"';
    sum = sum.plus(amount);
  }
  return sum.toFixed();
}

function amountOf(row: DailyBillRow, measure: Measure, type: CostQuery['type']): string {
  if (measure === 'UsageQuantity') return row.usage?.amount ?? '0';
  return type === 'AmortizedCost' ? row.amount : row.billed;
}

export function groupValues(row: DailyBillRow, grouping: readonly Grouping[]): string[] {
  return grouping.flatMap((group) =>
    group.type === 'Dimension' ? [valueIn(row, group.name)] : [group.name, row.tags[group.name] ?? ''],
  );
}

export function groupColumns(grouping: readonly Grouping[]): { name: string; type: 'String' }[] {
  return grouping
    .flatMap((group) => (group.type === 'Dimension' ? [group.name] : ['TagKey', 'TagValue']))
    .map((name) => ({ name, type: 'String' }));
}
