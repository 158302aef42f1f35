import { RemediationDocument } from '../../../schemas/records.ts';
import type { RemediationStore } from '../../../ports/store.ts';
import type { Connection } from './connect.ts';
import { encode, key, parse } from './documents.ts';

const DEFAULT_LIMIT = 1000;

export function createRemediations(connection: Connection): RemediationStore {
  const remediations = connection.collection('remediations');
  return {
    async upsert(document) {
      const _id = key(document.remediationId, 'remediationId');
      const fields = encode(document) as Record<string, unknown>;
      // A whole one is put in at once: the stand-in for MongoDB shows an upsert of fields while it is half done.
      const isWhole = RemediationDocument.safeParse(document).success;
      await connection.run('remediations.upsert', () =>
        isWhole
          ? remediations.replaceOne({ _id }, fields, { upsert: true })
          : remediations.updateOne({ _id }, { $set: fields }, { upsert: true }),
      );
    },

    async get(remediationId) {
      const _id = key(remediationId, 'remediationId');
      const raw = await connection.run('remediations.get', () => remediations.findOne({ _id }));
      return raw && parse(RemediationDocument, raw, { collection: 'remediations', id: _id });
    },

    async list({ stage, outcome, accountId, limit = DEFAULT_LIMIT } = {}) {
      const where = {
        ...(stage !== undefined && { stage: key(stage, 'stage') }),
        ...(outcome !== undefined && { outcome: key(outcome, 'outcome') }),
        ...(accountId !== undefined && { accountId: key(accountId, 'accountId') }),
      };
      const rows = await connection.run('remediations.list', () =>
        remediations.find(where).sort({ updatedAt: -1 }).limit(limit).toArray(),
      );
      return rows.map((raw) => parse(RemediationDocument, raw, { collection: 'remediations', id: raw._id }));
    },
  };
}
