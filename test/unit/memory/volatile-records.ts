import type { MemoryRecords, NewRecord, Space, StoredRecord } from '../../../providers/memory/records.ts';

export interface VolatileRecords extends MemoryRecords {
  readonly rows: Map<string, NewRecord & { changedOn: Date }>;
}

/** The collection `memory` of one tenant without a database; `changedOn` counts instead of telling the time. */
export function volatileRecords(salt = 'a'.repeat(64)): VolatileRecords {
  const rows: VolatileRecords['rows'] = new Map();
  let writes = 0;
  const stamp = () => new Date(++writes * 120_000);
  const isOf = (row: NewRecord, space: Space) =>
    row.embedded.model === space.model && row.embedded.dim === space.dim && row.embedded.version === space.version;
  const stored = (row: NewRecord & { changedOn: Date }): StoredRecord => structuredClone(row);
  return {
    rows,
    async put(records, { onlyMissing = false } = {}) {
      for (const record of records)
        if (!onlyMissing || !rows.has(record.id))
          rows.set(record.id, { ...structuredClone(record), changedOn: stamp() });
    },
    async dropGuidanceBut(ids) {
      for (const [id, { past }] of rows) if (past === null && !ids.includes(id)) rows.delete(id);
    },
    async *changedSince(since) {
      const changed = [...rows.values()].filter((row) => since === null || row.changedOn >= since);
      for (const row of changed.sort((a, b) => a.changedOn.getTime() - b.changedOn.getTime())) yield stored(row);
    },
    async ofOtherSpace(space, after, limit) {
      const others = [...rows.values()].filter((row) => !isOf(row, space) && (after === null || row.id > after));
      return others
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(stored);
    },
    countOfOtherSpace: async (space) => [...rows.values()].filter((row) => !isOf(row, space)).length,
    async replaceVector(record, change) {
      const row = rows.get(record.id);
      if (row && row.changedOn.getTime() === record.changedOn.getTime())
        rows.set(record.id, { ...row, ...change, changedOn: stamp() });
    },
    searches: async () => false,
    nearest: async () => null,
    salt: async () => salt,
    check: async () => `${rows.size} records`,
    close: async () => undefined,
  };
}
