import { parseActivity } from '../../../clients/teams/activity.ts';
import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const teams: VendorReaders = {
  vendor: 'teams',
  readers: [
    {
      endpoint: /^Activity object/,
      rows: () => 1,
      read: (body) => {
        if (parseActivity(Buffer.from(JSON.stringify(body))) !== null) return { read: 1, rejected: [] };
        // The door answers 400 and hears nothing of it; a person in the channel is not involved.
        const rejected = { rowId: null, field: 'activity', found: JSON.stringify(Object.keys(body as object)) };
        return {
          read: 0,
          rejected: [{ ...rejected, fix: 'must have id, timestamp, channelId, serviceUrl, from, recipient' }],
        };
      },
    },
  ],
  unread: [
    ...noReader('what other bots sent; ours is checked in test/contract/teams', /^POST \/v3\/conversations/),
    ...noReader('calls we do not make', /^GET \/(v3|api)\//),
    ...noReader('claims are read by jose out of a signed token', /token claims/),
  ],
};
