import { z } from 'zod';
import type { Connection } from './connect.ts';
import { parse } from './documents.ts';
import { isDuplicateKey } from './errors.ts';

const StoredCounter = z.object({ used: z.number().int(), places: z.array(z.string()) });

export interface Counters {
  /** Takes one place in every scope, in order. Returns the first scope that was full, leaving earlier places taken. */
  take(scopes: readonly { scope: string; limit: number }[], place: string): Promise<string | null>;
  giveBack(scopes: readonly string[], place: string): Promise<void>;
  /** Places taken before this one in each scope; all of them where this one holds none. */
  used(scopes: readonly string[], place: string): Promise<Record<string, number>>;
}

/** One document per scope. The limit is in the update's own filter, so that racing processes cannot pass it together. */
export function createCounters(connection: Connection): Counters {
  const counters = connection.durable('budget_counters');

  const takeOne = async (scope: string, limit: number, place: string): Promise<boolean> => {
    // Retried because a lost race for the document's creation says nothing about the limit.
    for (let creation = 0; creation < 2 && limit > 0; creation++) {
      try {
        const result = await connection.run('budgets.take', () =>
          counters.updateOne(
            { _id: scope, used: { $lt: limit }, places: { $ne: place } },
            { $inc: { used: 1 }, $push: { places: place } } as object,
            { upsert: true },
          ),
        );
        if (result.modifiedCount + result.upsertedCount === 1) return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
    const held = await connection.run('budgets.held', () => counters.countDocuments({ _id: scope, places: place }));
    return held === 1;
  };

  return {
    async take(scopes, place) {
      for (const { scope, limit } of scopes) if (!(await takeOne(scope, limit, place))) return scope;
      return null;
    },

    async giveBack(scopes, place) {
      for (const scope of scopes)
        await connection.run('budgets.giveBack', () =>
          counters.updateOne({ _id: scope, places: place }, {
            $inc: { used: -1 },
            $pull: { places: place },
          } as object),
        );
    },

    async used(scopes, place) {
      const rows = await connection.run('budgets.used', () => counters.find({ _id: { $in: [...scopes] } }).toArray());
      const stored = new Map(
        rows.map((raw) => [raw._id, parse(StoredCounter, raw, { collection: 'budget_counters', id: raw._id })]),
      );
      return Object.fromEntries(
        scopes.map((scope) => {
          const places = stored.get(scope)?.places ?? [];
          const index = places.indexOf(place);
          return [scope, index === -1 ? places.length : index];
        }),
      );
    },
  };
}
