import { Decimal } from 'decimal.js';
import { dailyToMonthly, money } from '../../domain/money.ts';
import type { CostPort } from '../../ports/cost.ts';
import { costKeys } from '../../domain/cloud-ids/index.ts';
import { isProviderError } from '../../ports/errors.ts';
import type { Store } from '../../ports/store.ts';
import type { SavingInput, SavingResult } from '../contracts.ts';
import { notYet } from '../shared/failures.ts';
import { loadCase } from '../shared/load-case.ts';

export interface SavingDeps {
  readonly store: Store;
  readonly cost: CostPort;
  readonly clock: () => Date;
}

const DAY = 86_400_000;
/** The bill may differ from the estimate by this share before we call the saving contradicted. */
const TOLERANCE = 0.25;

/**
 * Compares the bill after the change with the run-rate before it. Uses the grouped query that the sweep makes and caches,
 * never one per asset. The first full day after the change is what counts.
 */
export async function verifySaving(deps: SavingDeps, input: SavingInput): Promise<SavingResult> {
  const now = deps.clock().getTime();
  const wait = Date.parse(input.notBefore) - now;
  if (wait > 0) throw notYet('the bill lags behind the change', wait);
  if (input.expected === null || new Decimal(input.expected.amount).lte(0))
    return { result: 'not-applicable', realisedMonthly: null };
  const before = (await loadCase(deps.store, input.caseId)).record.cost;
  if (before === null || before.basis !== 'billed') return { result: 'not-applicable', realisedMonthly: null };

  const after = await billedDailyAfter(deps.cost, input);
  if (after === null) {
    if (now >= Date.parse(input.deadlineAt)) return { result: 'not-billed-yet', realisedMonthly: null };
    throw notYet('no full day has been billed since the change', input.pollMs);
  }
  const realised = new Decimal(before.monthlyRunRate).minus(dailyToMonthly(after));
  const enough = realised.gte(new Decimal(input.expected.amount).times(1 - TOLERANCE));
  return {
    result: enough ? 'verified' : 'contradicted',
    realisedMonthly: money(realised.toFixed(2), before.BillingCurrency),
  };
}

/** EffectiveCost of the first full day after the change, or null when the bill does not reach that far. */
async function billedDailyAfter(cost: CostPort, input: SavingInput): Promise<string | null> {
  const firstFullDay = Math.ceil(Date.parse(input.actedAt) / DAY) * DAY;
  const asOf = new Date(firstFullDay + 2 * DAY).toISOString();
  let costs: Awaited<ReturnType<CostPort['accountCosts']>>;
  try {
    costs = await cost.accountCosts({ accountId: input.asset.accountId, asOf });
  } catch (error) {
    if (isProviderError(error, 'not-found') || isProviderError(error, 'terminal')) return null;
    throw error;
  }
  const day = new Date(firstFullDay).toISOString().slice(0, 10);
  // A day the bill has not reached yet looks like a day that cost nothing: only a billed day proves anything.
  if (!costs.accountTrend.some((row) => row.date === day && new Decimal(row.amount).gt(0))) return null;
  const row = costKeys(input.asset)
    .map((key) => costs.byResource.get(key))
    .find((c) => c !== undefined);
  if (!row) return '0';
  const end = Date.parse(row.ChargePeriodEnd);
  const index = row.dailyTrend.length - Math.round((end - firstFullDay) / DAY);
  return row.dailyTrend[index] ?? '0';
}
