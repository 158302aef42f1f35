import { LedgerEntry } from '../../../schemas/records.ts';
import type { LedgerStore } from '../../../ports/store.ts';
import type { Connection } from './connect.ts';
import { encode, key, parse } from './documents.ts';
import { isDuplicateKey } from './errors.ts';

const CHUNK = 500;

export function createLedger(connection: Connection): LedgerStore {
  const ledger = connection.durable('ledger');
  return {
    async live(assetKeys, at) {
      const now = new Date(key(at, 'at'));
      const found = new Map<string, LedgerEntry>();
      for (let start = 0; start < assetKeys.length; start += CHUNK) {
        const keys = assetKeys.slice(start, start + CHUNK).map((k) => key(k, 'assetKey'));
        const rows = await connection.run('ledger.live', () => ledger.find({ assetKey: { $in: keys } }).toArray());
        for (const raw of rows) {
          const entry = parse(LedgerEntry, raw, { collection: 'ledger', id: raw._id });
          if (entry.until !== null && new Date(entry.until) <= now) continue;
          const rival = found.get(entry.assetKey);
          if (!rival || bindsLonger(entry, rival)) found.set(entry.assetKey, entry);
        }
      }
      return found;
    },

    async put(entry) {
      // One entry per asset and rule. A retried, older write must not undo a newer one.
      const _id = JSON.stringify([key(entry.assetKey, 'assetKey'), key(entry.ruleId, 'ruleId')]);
      const writtenOn = new Date(entry.at);
      try {
        await connection.run('ledger.put', () =>
          ledger.updateOne(
            { _id, writtenOn: { $lte: writtenOn } },
            { $set: { ...(encode(entry) as object), writtenOn } },
            { upsert: true },
          ),
        );
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
  };
}

function bindsLonger(a: LedgerEntry, b: LedgerEntry): boolean {
  if (b.until === null) return false;
  return a.until === null || new Date(a.until) > new Date(b.until);
}
