import { auditCollections } from '../../store/audit/collections.ts';
import { currentHeads } from '../../store/audit/heads.ts';
import { connect, type MongoOptions } from '../../store/mongodb/connect.ts';
import { ensureIndexes } from '../../store/mongodb/indexes.ts';
import type { TelemetryTrail } from '../../../ports/trail.ts';
import { createCursors } from './cursors.ts';
import { createDeadLetters } from './dead-letters.ts';
import { readRows } from './read.ts';
import { createTallies } from './tallies.ts';

export const TELEMETRY_INDEXES = {
  telemetry_cursors: [{ name: 'by_channel', key: { vendor: 1, channel: 1 } }],
  telemetry_dead_letters: [{ name: 'by_due', key: { vendor: 1, channel: 1, nextAttemptAt: 1 } }],
};

/** Heads and cursors are read over all streams at once, which may take longer than one record of the store. */
const OPERATION_TIMEOUT_MS = 30_000;

/**
 * Reads the audit collections and writes only its own, over a connection of its own: whatever happens here, an append to the
 * trail does not wait for it. Needs `find` on audit_*, and read and write on telemetry_*.
 */
export async function createMongoTrail(options: MongoOptions): Promise<TelemetryTrail> {
  const connection = await connect({ operationTimeoutMs: OPERATION_TIMEOUT_MS, ...options });
  try {
    await ensureIndexes(connection, TELEMETRY_INDEXES);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const audit = auditCollections(connection);
  return {
    heads: async () => new Map((await currentHeads(audit)).map((head) => [head.stream, head.seq])),
    read: (query) => readRows(audit, query),
    ...createCursors(connection),
    ...createDeadLetters(connection),
    ...createTallies(connection),
    close: () => connection.close(),
  };
}
