import { amountOf, type Rejection, rejection } from './cost-line.ts';
import { isNegative, withoutDust } from './exact.ts';

export interface TrendDay {
  readonly date: string;
  readonly amount: string;
  readonly currency: string;
}

/** An account's own totals by day, oldest first. A day without a believable total is missing, never zero. */
export function accountTrend(
  totals: Iterable<TrendDay>,
  { accountId, currency }: { accountId: string; currency: string },
): { trend: TrendDay[]; rejected: Rejection[] } {
  const trend: TrendDay[] = [];
  const rejected: Rejection[] = [];
  for (const { date, amount, currency: stated } of totals) {
    const read = amountOf(amount, stated, currency);
    const reason = 'fault' in read ? read.fault : isNegative(read.value) ? 'negative amount' : null;
    if (reason === null && 'value' in read) trend.push({ date, amount: withoutDust(read.value).toFixed(), currency });
    else rejected.push(rejection(accountId, `${reason} on ${date}`));
  }
  trend.sort((a, b) => (a.date < b.date ? -1 : 1));
  return { trend, rejected };
}
