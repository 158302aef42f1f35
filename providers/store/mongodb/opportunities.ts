import { Opportunity } from '../../../schemas/records.ts';
import type { OpportunityStore } from '../../../ports/store.ts';
import { bulkReplace } from './bulk.ts';
import type { Connection } from './connect.ts';
import { key, parse } from './documents.ts';

export function createOpportunities(connection: Connection): OpportunityStore {
  const opportunities = connection.collection('opportunities');
  return {
    upsertMany: (documents) =>
      bulkReplace(
        connection,
        opportunities,
        documents.map((d) => ({ _id: d.opportunityId, ...d })),
      ),

    async ranked({ sweepId, limit }) {
      const where = sweepId === undefined ? {} : { sweepId: key(sweepId, 'sweepId') };
      const rows = await connection.run('opportunities.ranked', () =>
        opportunities.find(where).sort({ priority: -1, _id: 1 }).limit(limit).toArray(),
      );
      return rows.map((raw) => parse(Opportunity, raw, { collection: 'opportunities', id: raw._id }));
    },
  };
}
