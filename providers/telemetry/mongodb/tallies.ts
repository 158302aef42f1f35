import { z } from 'zod';
import type { Connection } from '../../store/mongodb/connect.ts';
import { parse } from '../../store/mongodb/documents.ts';
import { isDuplicateKey } from '../../store/mongodb/errors.ts';
import type { TelemetryTrail } from '../../../ports/trail.ts';

const StoredTally = z.object({
  seq: z.number().int(),
  /** Pairs, because a metric's tags would make unsafe field names. */
  counts: z.array(z.tuple([z.string(), z.string()])),
});
const StoredStart = z.object({ since: z.string() });

const PER_WRITE = 500;
const START = 'counting';

/**
 * What each stream adds to the totals, beside how far it was counted. Both change in one write of one document, so that no
 * crash can count an event twice or not at all.
 */
export function createTallies(connection: Connection): Pick<TelemetryTrail, 'tallies' | 'fold' | 'countingSince'> {
  const tallies = connection.durable('telemetry_tallies');
  const starts = connection.durable('telemetry_channels');
  return {
    async tallies() {
      const rows = await connection.run('telemetry.tallies', () => tallies.find({}).toArray());
      return new Map(
        rows.map((raw) => {
          const { seq, counts } = parse(StoredTally, raw, { collection: 'telemetry_tallies', id: raw._id });
          return [raw._id, { stream: raw._id, seq, counts: Object.fromEntries(counts) }];
        }),
      );
    },

    async fold(updates) {
      for (let start = 0; start < updates.length; start += PER_WRITE) {
        const operations = updates.slice(start, start + PER_WRITE).map(({ stream, seq, counts, before }) => ({
          updateOne: {
            // Where the tally stands elsewhere nothing matches, and the insert then meets its _id.
            filter: { _id: stream, seq: before },
            update: { $set: { seq, counts: Object.entries(counts) } },
            upsert: true,
          },
        }));
        try {
          await connection.run('telemetry.fold', () => tallies.bulkWrite(operations, { ordered: false }));
        } catch (error) {
          if (isDuplicateKey(error)) return false;
          throw error;
        }
      }
      return true;
    },

    async countingSince(now) {
      await connection.run('telemetry.start', () =>
        starts.updateOne({ _id: START }, { $setOnInsert: { since: now } }, { upsert: true }),
      );
      const raw = await connection.run('telemetry.start', () => starts.findOne({ _id: START }));
      return parse(StoredStart, raw, { collection: 'telemetry_channels', id: START }).since;
    },
  };
}
