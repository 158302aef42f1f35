import type { CostVantage } from './section.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { billKey } from '../../../domain/cloud-ids/index.ts';
import { accountTrend, type TrendDay } from '../shared/account-trend.ts';
import { type Rejection, rejection } from '../shared/cost-line.ts';
import type { AskedAccount } from '../shared/daily-costs.ts';
import { createDailyRows, type DailyRows } from '../shared/daily-rows.ts';
import { addDays, daysBefore, TREND_DAYS, WINDOW_DAYS } from '../shared/days.ts';
import type { VantageClient } from './client.ts';
import type { Ends } from './commitments.ts';
import { type CostQuery, type CostReader, type ReadCost, readCosts } from './costs.ts';
import { createCovered } from './covered.ts';
import { accountFilter } from './filters.ts';

const BY_RESOURCE = ['resource_id', 'service', 'region'] as const;

export interface AskParts {
  readonly config: CostVantage;
  readonly currency: string;
  /** Only called when a commitment paid for something. */
  readonly commitmentsOf: (client: VantageClient, accountId: string, asOf: string) => Promise<Ends>;
}

export interface AskQuery {
  readonly client: VantageClient;
  readonly accountId: string;
  readonly asOf: string;
  known(day: string): Promise<boolean>;
}

/** Asks Vantage for one account: the window by resource, what commitments paid of it, 90 days of the whole account. */
export function createAsk({ config, currency, commitmentsOf }: AskParts) {
  return async ({ client, accountId, asOf, known }: AskQuery): Promise<AskedAccount> => {
    const { workspaceToken, pageSize, verifyTotals } = config;
    const reader: CostReader = { client, workspaceToken, pageSize, verifyTotals };
    const read = (query: Pick<CostQuery, 'groupings' | 'from' | 'to'>, chargeTypes: readonly string[] = []) =>
      readCosts(reader, { ...query, filter: accountFilter(accountId, chargeTypes) });

    const window = { groupings: BY_RESOURCE, from: addDays(asOf, -WINDOW_DAYS), to: addDays(asOf, -1) };
    const { reservation, savingsPlan } = config.commitmentCharges;
    let ends: Ends = () => null;
    const covered = createCovered((kind, region) => ends(kind, region));
    if (reservation.length > 0)
      for await (const row of read(window, reservation)) if ('cost' in row) covered.add('reservation', row.cost);
    if (savingsPlan.length > 0)
      for await (const row of read(window, savingsPlan)) if ('cost' in row) covered.add('savings-plan', row.cost);
    if (!covered.isEmpty()) ends = await commitmentsOf(client, accountId, asOf);

    const rejected: Rejection[] = [];
    const rows = createDailyRows({ currency });
    for await (const row of read(window)) {
      if ('cost' in row) for (const line of covered.split(row.cost)) rows.add(line);
      else rejected.push(rejection(billKey(row.resourceId) || accountId, row.reason));
    }
    const oldest = addDays(asOf, -TREND_DAYS);
    const account = await totals(read({ groupings: ['provider'], from: oldest, to: window.to }), {
      accountId,
      currency,
    });
    const older =
      config.backfill && !(await known(oldest))
        ? await backfilled(read({ groupings: BY_RESOURCE, from: oldest, to: addDays(window.from, -1) }), currency)
        : null;
    const result = rows.result();
    return {
      asked: daysBefore(asOf, older ? TREND_DAYS : WINDOW_DAYS),
      rows: { ...result, byDay: new Map([...(older?.byDay ?? []), ...result.byDay]) },
      trend: account.trend,
      rejected: [...rejected, ...account.rejected],
    };
  };
}

/** The account's own totals, from a query that is grouped by nothing smaller. */
async function totals(answer: AsyncIterable<ReadCost>, account: { accountId: string; currency: string }) {
  const days: TrendDay[] = [];
  const broken: Rejection[] = [];
  for await (const row of answer) {
    if ('cost' in row) {
      const { accrued_at, amount, currency } = row.cost;
      days.push({ date: accrued_at.slice(0, 10), amount, currency });
    } else broken.push(rejection(account.accountId, row.reason));
  }
  const { trend, rejected } = accountTrend(days, account);
  return { trend, rejected: [...broken, ...rejected] };
}

/**
 * The days before the window, which only the trend needs: a rate limit there must not cost the run-rate, and a wrong row of
 * two months ago says nothing against today's.
 */
async function backfilled(answer: AsyncIterable<ReadCost>, currency: string): Promise<DailyRows | null> {
  const rows = createDailyRows({ currency });
  const nothing = createCovered(() => null);
  try {
    for await (const row of answer) if ('cost' in row) for (const line of nothing.split(row.cost)) rows.add(line);
    return rows.result();
  } catch (error) {
    if (isProviderError(error, 'retry-after') || isProviderError(error, 'unavailable')) return null;
    throw error;
  }
}
