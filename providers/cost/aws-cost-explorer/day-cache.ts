import { z } from 'zod';
import type { CacheStore } from '../../store/port.ts';
import type { DailyRow } from './daily-rows.ts';

const DAY_MS = 86_400_000;
export const TREND_DAYS = 90;
/** A day stays as long as a trend may need it. */
const KEEP_MS = (TREND_DAYS + 5) * DAY_MS;

/** Arrays instead of objects: resource ids may hold characters a database does not like in keys, and this is smaller. */
const StoredDay = z.object({ rows: z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()])) });
const StoredAnswer = z.object({
  days: z.array(z.string()),
  rejected: z.array(z.object({ resourceId: z.string(), reason: z.string() })),
  accountTrend: z.array(z.object({ date: z.string(), amount: z.string(), currency: z.string() })),
});
export type StoredAnswer = z.infer<typeof StoredAnswer>;

export type Day = ReadonlyMap<string, DailyRow>;

/**
 * The bill by account and day. Cost Explorer keeps resource-level rows for 14 days only, so the 90-day trend of a
 * resource grows here, one sweep after another; days nobody asked for in time stay unknown.
 */
export function createDayCache(cache: CacheStore) {
  const dayKey = (accountId: string, day: string) => `cost/aws/${accountId}/day/${day}`;
  const answerKey = (accountId: string, asOf: string) => `cost/aws/${accountId}/answer/${asOf}`;
  return {
    async answer(accountId: string, asOf: string): Promise<StoredAnswer | null> {
      const parsed = StoredAnswer.safeParse(await cache.get(answerKey(accountId, asOf)));
      return parsed.success ? parsed.data : null;
    },
    putAnswer: (accountId: string, asOf: string, entry: { answer: StoredAnswer; expiresAt: string }) =>
      cache.put(answerKey(accountId, asOf), entry.answer, entry.expiresAt),
    async days(accountId: string, days: readonly string[]): Promise<Map<string, Day>> {
      const found = new Map<string, Day>();
      for (const day of days) {
        const parsed = StoredDay.safeParse(await cache.get(dayKey(accountId, day)));
        if (parsed.success) found.set(day, new Map(parsed.data.rows.map(fromTuple)));
      }
      return found;
    },
    async putDays(accountId: string, days: ReadonlyMap<string, Day>): Promise<void> {
      for (const [day, rows] of days) {
        const expiresAt = new Date(Date.parse(day) + KEEP_MS).toISOString();
        await cache.put(dayKey(accountId, day), { rows: [...rows].map(toTuple) }, expiresAt);
      }
    },
  };
}

type Tuple = [string, string, string, string, string];

function toTuple([id, row]: readonly [string, DailyRow]): Tuple {
  return [id, row.amortized, row.unblended, row.reserved, row.savingsPlan];
}

function fromTuple([id, amortized, unblended, reserved, savingsPlan]: Tuple): [string, DailyRow] {
  return [id, { amortized, unblended, reserved, savingsPlan }];
}
