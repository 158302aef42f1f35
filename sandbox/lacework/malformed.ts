import { devEu, type Place, prodUs } from '../estate/places.ts';
import { iso } from './names.ts';
import type { Collection } from './state.ts';
import type { Row } from './types.ts';

/** Rows that break the promised shape in different ways. None of them is an asset of the estate. */
export function malformedRows(look: Collection): readonly Row[] {
  const row = (name: string, at: Place, broken: Row): Row => ({
    csp: 'AWS',
    apiKey: `describe-${name}`,
    service: 'ec2',
    resourceType: 'ec2:instance',
    resourceId: `i-${'0'.repeat(17)}`,
    resourceRegion: at.region,
    urn: `arn:aws:ec2:${at.region}:${at.accountId}:instance/i-${'0'.repeat(17)}`,
    cloudDetails: { accountID: at.accountId, accountAlias: 'broken' },
    startTime: iso(look.startedAt),
    endTime: iso(look.endedAt),
    resourceTags: {},
    resourceConfig: { State: { Name: 'running' } },
    status: { formatVersion: 5, status: 'success' },
    ...broken,
  });
  return [
    row('no-urn', prodUs, { urn: null }),
    row('tags-as-text', prodUs, { resourceTags: 'half a tag' }),
    row('another-account', prodUs, { urn: `arn:aws:ec2:us-east-1:999999999999:instance/i-${'1'.repeat(17)}` }),
    row('foreign-id', devEu, { urn: '/subscriptions/0000/virtualMachines/foreign-id' }),
    row('bad-date', devEu, { endTime: 'yesterday' }),
  ];
}
