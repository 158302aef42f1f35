import { isActivity, parseActivity } from '../../../clients/teams/activity.ts';
import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const teams: VendorReaders = {
  vendor: 'teams',
  readers: [
    {
      endpoint: /^Activity object/,
      rows: () => 1,
      read: (body) => {
        const parsed = parseActivity(Buffer.from(JSON.stringify(body)));
        if (isActivity(parsed)) return { read: 1, rejected: [] };
        // The door answers 400 and says the same; a person in the channel is not involved.
        return { read: 0, rejected: [{ rowId: null, ...parsed }] };
      },
    },
  ],
  unread: [
    ...noReader('what other bots sent; ours is checked in test/contract/teams', /^POST \/v3\/conversations/),
    ...noReader('calls we do not make', /^GET \/(v3|api)\//),
    ...noReader('claims are read by jose out of a signed token', /token claims/),
  ],
};
