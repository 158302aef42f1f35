import { billKey } from '../../../domain/cloud-ids/index.ts';
import type { TrendDay } from '../shared/account-trend.ts';
import { type CostLine, type Rejection, rejection } from '../shared/cost-line.ts';
import type { CostPage } from './answer.ts';

/** Rows of a query grouped by resource and purchase type. */
export function* linesOf(pages: readonly CostPage[]): Generator<CostLine> {
  for (const { date, Keys, Metrics } of pages.flatMap((page) => page.groups)) {
    const [resourceId = '', purchase = ''] = Keys;
    const { AmortizedCost, UnblendedCost = AmortizedCost } = Metrics;
    const otherUnit = UnblendedCost.Unit === AmortizedCost.Unit ? null : UnblendedCost.Unit;
    yield {
      date,
      resourceId,
      effective: AmortizedCost.Amount,
      billed: UnblendedCost.Amount,
      currency: otherUnit ?? AmortizedCost.Unit,
      commitment: commitmentOf(purchase),
      // Two of the two group-by keys are spent on resource and purchase type.
      regionId: null,
      serviceName: null,
    };
  }
}

/** Rows that could not be read, with the resource they would have been of. */
export function refusedOf(pages: readonly CostPage[]): Rejection[] {
  return pages.flatMap((page) =>
    page.rejected.map(({ rowId, field, found, fix }) => ({
      ...rejection(billKey(rowId ?? '') || '(row)', `field ${field} is ${found}; ${fix}`),
      field,
      found,
      fix,
    })),
  );
}

/** The account's own total by day, from a query grouped by account. */
export function* totalsOf(pages: readonly CostPage[], accountId: string): Generator<TrendDay> {
  for (const { date, Keys, Metrics } of pages.flatMap((page) => page.groups))
    if (Keys[0] === accountId)
      yield { date, amount: Metrics.AmortizedCost.Amount, currency: Metrics.AmortizedCost.Unit };
}

/** Cost Explorer names neither the commitment nor its end at resource level. */
function commitmentOf(purchase: string): CostLine['commitment'] {
  if (purchase.includes('Reserved')) return { type: 'reservation', id: null, endsAt: null };
  return purchase.includes('Savings Plan') ? { type: 'savings-plan', id: null, endsAt: null } : null;
}
