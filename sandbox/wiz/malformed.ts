import { devEu, type Place, prodUs } from '../estate/places.ts';
import type { Estate } from '../estate/types.ts';
import { iso, uuid } from './inventory.ts';
import type { Row } from './types.ts';

/** Rows that break the promised shape in different ways. None of them is an asset of the estate. */
export function malformedRows(estate: Estate, now: number): readonly Row[] {
  const row = (name: string, at: Place, broken: Row): Row => ({
    id: uuid(estate.seed, `malformed/${name}`),
    name,
    type: 'VIRTUAL_MACHINE',
    nativeType: 'virtualMachine',
    externalId: 'i-00000000000000000',
    providerUniqueId: `arn:aws:ec2:${at.region}:${at.accountId}:instance/i-${'0'.repeat(17)}`,
    region: at.region,
    status: 'Active',
    createdAt: iso(now - 86_400_000),
    deletedAt: null,
    firstSeen: iso(now - 86_400_000),
    lastSeen: iso(now),
    tags: [],
    cloudAccount: { externalId: at.accountId },
    ...broken,
  });
  return [
    row('no-arn', prodUs, { providerUniqueId: null }),
    row('wrong-types', prodUs, { name: 42, isAccessibleFromInternet: 'yes' }),
    row('tags-as-text', prodUs, { tags: 'half a tag' }),
    row('foreign-id', devEu, { providerUniqueId: '/subscriptions/0000/virtualMachines/foreign-id' }),
    row('bad-date', devEu, { createdAt: 'yesterday' }),
  ];
}
