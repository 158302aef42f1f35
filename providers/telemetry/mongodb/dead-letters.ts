import { z } from 'zod';
import type { Connection } from '../../store/mongodb/connect.ts';
import { parse } from '../../store/mongodb/documents.ts';
import type { DeadLetter, TelemetryTrail } from '../../../ports/trail.ts';

const StoredLetter = z.object({
  id: z.string(),
  vendor: z.string(),
  channel: z.enum(['logs', 'events']),
  ranges: z.array(z.object({ stream: z.string(), after: z.number().int(), upTo: z.number().int() })),
  events: z.number().int(),
  kind: z.enum(['refused', 'rejected', 'too-large', 'partly-dropped', 'malformed', 'failing']),
  reason: z.string(),
  status: z.number().int().nullable(),
  firstAt: z.string(),
  attempts: z.number().int(),
  nextAttemptAt: z.string(),
});

/** Batches that were put aside. They name events and hold none of their content. */
export function createDeadLetters(
  connection: Connection,
): Pick<TelemetryTrail, 'park' | 'unpark' | 'parked' | 'parkedCount' | 'release'> {
  const deadLetters = connection.durable('telemetry_dead_letters');
  return {
    async park(letter) {
      const body = { ...letter, ranges: [...letter.ranges] };
      await connection.run('telemetry.park', () => deadLetters.replaceOne({ _id: letter.id }, body, { upsert: true }));
    },
    async unpark(id) {
      await connection.run('telemetry.unpark', () => deadLetters.deleteOne({ _id: id }));
    },
    async parked({ vendor, channel, dueBy, limit }) {
      const where = { vendor, channel, ...(dueBy !== undefined && { nextAttemptAt: { $lte: dueBy } }) };
      const rows = await connection.run('telemetry.parked', () =>
        deadLetters.find(where).sort({ nextAttemptAt: 1 }).limit(limit).toArray(),
      );
      return rows.map(
        (raw) => parse(StoredLetter, raw, { collection: 'telemetry_dead_letters', id: raw._id }) as DeadLetter,
      );
    },
    parkedCount: (vendor) => connection.run('telemetry.parked', () => deadLetters.countDocuments({ vendor })),
    async release(vendor, now) {
      const { modifiedCount } = await connection.run('telemetry.release', () =>
        deadLetters.updateMany({ vendor, nextAttemptAt: { $gt: now } }, { $set: { nextAttemptAt: now } }),
      );
      return modifiedCount;
    },
  };
}
