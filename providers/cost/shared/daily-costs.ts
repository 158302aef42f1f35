import { Decimal } from 'decimal.js';
import type { AssetCost } from '../../../schemas/cost.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';
import type { CacheStore } from '../../../ports/store.ts';
import type { AccountCosts, CostPort } from '../../../ports/cost.ts';
import type { TrendDay } from './account-trend.ts';
import { assembleCosts } from './assemble.ts';
import type { Rejection } from './cost-line.ts';
import type { DailyRows, Day } from './daily-rows.ts';
import { createDayCache, type StoredAnswer } from './day-cache.ts';
import { addDays, daysBefore, TREND_DAYS, WINDOW_DAYS } from './days.ts';
import { createShared } from './once.ts';

/** A sweep asks once per page of assets; putting the answer together from 90 cached days each time would be waste. */
const MEMO_MS = 60_000;

/** What a platform says of one account, read to its end. */
export interface AskedAccount {
  /** Every day the question was about: one without rows cost nothing, any other stays unknown. */
  readonly asked: readonly string[];
  readonly rows: Pick<DailyRows, 'byDay' | 'facts' | 'rejected'>;
  readonly trend: readonly TrendDay[];
  /** What else cannot be believed, the account's own totals for example. */
  readonly rejected: readonly Rejection[];
}

export interface DailyCostsOptions {
  readonly vendor: string;
  /** Begins every key in the cache; stays the same for good. */
  readonly cachePrefix: string;
  readonly config: {
    readonly currency: string;
    /** How long an answer is kept; `unbilledCacheFor` while yesterday has not been billed yet. Milliseconds. */
    readonly cacheFor: number;
    readonly unbilledCacheFor: number;
  };
  readonly cache: CacheStore;
  /**
   * Milliseconds a bill may be behind. With it the window ends where the bill does, because a day that was not billed yet
   * would pass for a free one. Without it the window always ends with the day before `asOf`.
   */
  readonly staleAfter?: number;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
  /**
   * The grouped query. A platform that answers for several accounts at once gives them all, and none is asked for again.
   * `known` tells whether the cache holds a day of this account already. Throws ProviderError.
   */
  ask(query: {
    readonly accountId: string;
    /** UTC day; the bill is wanted up to the day before. */
    readonly asOf: string;
    known(day: string): Promise<boolean>;
  }): Promise<{ readonly accounts: ReadonlyMap<string, AskedAccount>; readonly requests: number }>;
}

/**
 * `accountCosts` of a platform that answers in daily rows: one grouped query per account and day, kept in the cache by
 * day, shared by callers in one process, and made into FOCUS-named costs with the same meaning whatever the platform.
 */
export function createDailyCosts(options: DailyCostsOptions): CostPort['accountCosts'] {
  const { config, cache, staleAfter, clock = Date.now } = options;
  const stored = createDayCache(cache, options.cachePrefix);
  const shared = createShared<AccountCosts>();
  const recent = new Map<string, { key: string; until: number; costs: AccountCosts }>();

  const keep = async (accountId: string, asOf: string, asked: AskedAccount): Promise<StoredAnswer> => {
    const { rows, trend } = asked;
    const answer: StoredAnswer = {
      days: await windowOf(accountId, asOf, asked),
      rejected: [...rows.rejected, ...asked.rejected],
      accountTrend: [...trend],
    };
    const days = new Map(asked.asked.map((day): [string, Day] => [day, rows.byDay.get(day) ?? new Map()]));
    await stored.putDays(accountId, new Map([...days, ...rows.byDay]));
    const keepFor = billedUpTo(trend, asOf) === asOf ? config.cacheFor : config.unbilledCacheFor;
    const expiresAt = new Date(clock() + keepFor).toISOString();
    await stored.putAnswer(accountId, asOf, { answer, facts: rows.facts, expiresAt });
    return answer;
  };

  /** Only days that somebody has asked for: any other would pass for a free one. Empty when nothing was ever billed. */
  const windowOf = async (accountId: string, asOf: string, asked: AskedAccount): Promise<string[]> => {
    if (staleAfter === undefined) return daysBefore(asOf, WINDOW_DAYS);
    const end = reachOf(asked, asOf);
    const known: string[] = [];
    for (const day of end === null ? [] : daysBefore(end, WINDOW_DAYS))
      if (asked.asked.includes(day) || (await stored.day(accountId, day))) known.push(day);
    return known;
  };

  const load = async (accountId: string, asOf: string): Promise<AccountCosts> => {
    let requests = 0;
    let answer = await stored.answer(accountId, asOf);
    if (!answer) {
      const known = async (day: string) => (await stored.day(accountId, day)) !== null;
      const asked = await options.ask({ accountId, asOf, known });
      requests = asked.requests;
      for (const [id, account] of asked.accounts) {
        const kept = await keep(id, asOf, account);
        if (id === accountId) answer = kept;
      }
    }
    const last = answer?.days.at(-1);
    if (!answer || last === undefined)
      throw missing(`no charge of account ${accountId} on the bill; connect that account, or wait for its import`);
    const end = addDays(last, 1);
    if (staleAfter !== undefined && Date.parse(end) < Date.parse(asOf) - staleAfter)
      throw missing(`the bill of account ${accountId} ends with ${last}; find out why it is not imported`);
    const trendDays = daysBefore(end, TREND_DAYS);
    const [days, facts] = [await stored.days(accountId, trendDays), await stored.facts(accountId, asOf)];
    const byResource: ReadonlyMap<string, AssetCost> = assembleCosts({
      frame: { accountId, currency: config.currency, days: answer.days, trendDays },
      days,
      facts,
      rejected: new Set(answer.rejected.map((r) => r.resourceId)),
    });
    return { accountId, byResource, rejected: answer.rejected, accountTrend: answer.accountTrend, requests };
  };

  const missing = (message: string): ProviderError =>
    new ProviderError({
      kind: ProviderErrorKind.NotFound,
      provider: options.vendor,
      operation: 'accountCosts',
      message,
    });

  return async ({ accountId, asOf }) => {
    const day = asOf.slice(0, 10);
    const key = `${accountId}/${day}`;
    const last = recent.get(accountId);
    if (last?.key === key && clock() < last.until) return last.costs;
    const running = shared.running(key);
    // Whoever joins a running query did not cause its requests.
    if (running) return { ...(await running), requests: 0 };
    const costs = await shared.run(key, () => load(accountId, day));
    const keepFor = billedUpTo(costs.accountTrend, day) === day ? config.cacheFor : config.unbilledCacheFor;
    recent.set(accountId, { key, until: clock() + Math.min(MEMO_MS, keepFor), costs: { ...costs, requests: 0 } });
    return costs;
  };
}

/** The day after the last one, before `asOf`, whose total is known and not zero; null when there is none. */
function billedUpTo(trend: readonly TrendDay[], asOf: string): string | null {
  return dayAfterLast(billedDays(trend), asOf);
}

/** How far the bill goes. One unreadable line takes a day's total away, but not the rows of everything else. */
function reachOf({ rows, trend }: AskedAccount, asOf: string): string | null {
  const withRows = [...rows.byDay].filter(([, day]) => day.size > 0).map(([date]) => date);
  return dayAfterLast([...withRows, ...billedDays(trend)], asOf);
}

function billedDays(trend: readonly TrendDay[]): string[] {
  return trend.filter((row) => new Decimal(row.amount).gt(0)).map((row) => row.date);
}

function dayAfterLast(days: readonly string[], asOf: string): string | null {
  const last = days
    .filter((day) => day < asOf)
    .sort()
    .at(-1);
  return last === undefined ? null : addDays(last, 1);
}
