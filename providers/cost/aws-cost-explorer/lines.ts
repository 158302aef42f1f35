import type { TrendDay } from '../shared/account-trend.ts';
import type { CostLine } from '../shared/cost-line.ts';
import type { CostPage } from './answer.ts';

/** Rows of a query grouped by resource and purchase type. */
export function* linesOf(pages: readonly CostPage[]): Generator<CostLine> {
  for (const { TimePeriod, Groups } of pages.flatMap((p) => p.ResultsByTime))
    for (const { Keys, Metrics } of Groups) {
      const [resourceId = '', purchase = ''] = Keys;
      const { AmortizedCost, UnblendedCost = AmortizedCost } = Metrics;
      const otherUnit = UnblendedCost.Unit === AmortizedCost.Unit ? null : UnblendedCost.Unit;
      yield {
        date: TimePeriod.Start,
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

/** The account's own total by day, from a query grouped by account. */
export function* totalsOf(pages: readonly CostPage[], accountId: string): Generator<TrendDay> {
  for (const { TimePeriod, Groups } of pages.flatMap((p) => p.ResultsByTime)) {
    const total = Groups.find((g) => g.Keys[0] === accountId)?.Metrics.AmortizedCost;
    if (total) yield { date: TimePeriod.Start, amount: total.Amount, currency: total.Unit };
  }
}

/** Cost Explorer names neither the commitment nor its end at resource level. */
function commitmentOf(purchase: string): CostLine['commitment'] {
  if (purchase.includes('Reserved')) return { type: 'reservation', id: null, endsAt: null };
  return purchase.includes('Savings Plan') ? { type: 'savings-plan', id: null, endsAt: null } : null;
}
