import { z } from 'zod';
import type { CacheStore } from '../../../ports/store.ts';
import { rejection } from './cost-line.ts';
import type { DailyRow, Day } from './daily-rows.ts';
import { DAY_MS, TREND_DAYS } from './days.ts';
import type { ResourceFacts } from './resource-facts.ts';

/** A day stays as long as a trend may need it. */
const KEEP_MS = (TREND_DAYS + 5) * DAY_MS;
/** A database takes no document of any size; Azure ids alone may be 200 characters. */
const ROWS_PER_PART = 20_000;

/** Arrays instead of objects: resource ids may hold characters a database does not like in keys, and this is smaller. */
const DayPart = z.object({
  rows: z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()])),
  parts: z.number().int().positive().default(1),
});
const text = z.string().nullable();
const FactsPart = z.object({
  facts: z.array(z.tuple([z.string(), text, text, z.enum(['reservation', 'savings-plan']).nullable(), text, text])),
  parts: z.number().int().positive().default(1),
});
const Refused = z
  .object({ resourceId: z.string(), reason: z.string(), fix: z.string().optional() })
  .transform(({ resourceId, reason, fix }) => rejection(resourceId, reason, fix));
const StoredAnswer = z.object({
  days: z.array(z.string()),
  rejected: z.array(Refused),
  accountTrend: z.array(z.object({ date: z.string(), amount: z.string(), currency: z.string() })),
});
export type StoredAnswer = z.infer<typeof StoredAnswer>;

/**
 * The bill by account and day. Platforms keep resource-level rows for a limited time, so the 90-day trend of a resource
 * grows here, one sweep after another; days nobody asked for in time stay unknown.
 */
export function createDayCache(cache: CacheStore, prefix: string) {
  const dayKey = (accountId: string, day: string) => `${prefix}/${accountId}/day/${day}`;
  const answerKey = (accountId: string, asOf: string) => `${prefix}/${accountId}/answer/${asOf}`;

  const putParts = async <T>(key: string, all: readonly T[], entry: { name: string; expiresAt: string }) => {
    const parts = Math.max(1, Math.ceil(all.length / ROWS_PER_PART));
    // The first part, which says how many there are, is written last.
    for (let i = parts - 1; i >= 0; i--) {
      const value = { [entry.name]: all.slice(i * ROWS_PER_PART, (i + 1) * ROWS_PER_PART), parts };
      await cache.put(partKey(key, i), value, entry.expiresAt);
    }
  };
  /** All parts, or null when one is missing. */
  const parts = async <P extends { parts: number }>(key: string, shape: z.ZodType<P>): Promise<P[] | null> => {
    const found: P[] = [];
    for (let i = 0; i < (found[0]?.parts ?? 1); i++) {
      const parsed = shape.safeParse(await cache.get(partKey(key, i)));
      if (!parsed.success) return null;
      found.push(parsed.data);
    }
    return found;
  };
  const day = async (accountId: string, date: string): Promise<Day | null> => {
    const found = await parts(dayKey(accountId, date), DayPart);
    return found && new Map(found.flatMap((part) => part.rows.map(fromTuple)));
  };

  return {
    day,
    async days(accountId: string, dates: readonly string[]): Promise<Map<string, Day>> {
      const found = new Map<string, Day>();
      for (const date of dates) {
        const rows = await day(accountId, date);
        if (rows) found.set(date, rows);
      }
      return found;
    },
    async putDays(accountId: string, days: ReadonlyMap<string, Day>): Promise<void> {
      for (const [date, rows] of days) {
        const expiresAt = new Date(Date.parse(date) + KEEP_MS).toISOString();
        await putParts(dayKey(accountId, date), [...rows].map(toTuple), { name: 'rows', expiresAt });
      }
    },
    async answer(accountId: string, asOf: string): Promise<StoredAnswer | null> {
      const parsed = StoredAnswer.safeParse(await cache.get(answerKey(accountId, asOf)));
      return parsed.success ? parsed.data : null;
    },
    async facts(accountId: string, asOf: string): Promise<Map<string, ResourceFacts>> {
      const found = await parts(`${answerKey(accountId, asOf)}/facts`, FactsPart);
      return new Map((found ?? []).flatMap((part) => part.facts.map(factsOf)));
    },
    /** Facts first: whoever finds the answer finds them as well. */
    async putAnswer(
      accountId: string,
      asOf: string,
      entry: { answer: StoredAnswer; facts: ReadonlyMap<string, ResourceFacts>; expiresAt: string },
    ): Promise<void> {
      const { answer, facts, expiresAt } = entry;
      const known = [...facts].filter(([, f]) => f.regionId ?? f.serviceName ?? f.commitment);
      await putParts(`${answerKey(accountId, asOf)}/facts`, known.map(factsTuple), { name: 'facts', expiresAt });
      await cache.put(answerKey(accountId, asOf), answer, expiresAt);
    },
  };
}

function partKey(key: string, part: number): string {
  return part === 0 ? key : `${key}/${part}`;
}

type Tuple = [string, string, string, string, string];

function toTuple([id, row]: readonly [string, DailyRow]): Tuple {
  return [id, row.amortized, row.unblended, row.reserved, row.savingsPlan];
}

function fromTuple([id, amortized, unblended, reserved, savingsPlan]: Tuple): [string, DailyRow] {
  return [id, { amortized, unblended, reserved, savingsPlan }];
}

type FactsTuple = z.infer<typeof FactsPart>['facts'][number];

function factsTuple([id, { regionId, serviceName, commitment }]: readonly [string, ResourceFacts]): FactsTuple {
  return [id, regionId, serviceName, commitment?.type ?? null, commitment?.id ?? null, commitment?.endsAt ?? null];
}

function factsOf([id, regionId, serviceName, type, commitmentId, endsAt]: FactsTuple): [string, ResourceFacts] {
  return [id, { regionId, serviceName, commitment: type === null ? null : { type, id: commitmentId, endsAt } }];
}
