import { devEu, type Place, prodUs } from '../estate/places.ts';
import { hexOf, keyOf } from '../estate/random.ts';
import { accountName, regionName } from './catalogue.ts';
import type { Row } from './types.ts';
import type { World } from './world.ts';

/** Rows of virtual machines that break the promised shape in different ways. None of them is an asset of the estate. */
export function malformedRows({ estate, clock }: World): readonly Row[] {
  const row = (name: string, at: Place, broken: Row): Row => ({
    id: `i-${hexOf(keyOf(estate.seed, `malformed/${name}`), 17)}`,
    name,
    rrn: `rrn::instance:${at.region}:${at.accountId}:ab12:${name}`,
    accountId: at.accountId,
    accountName: accountName(estate, at.accountId),
    cloudType: 'aws',
    regionId: at.region,
    regionName: regionName(at.region),
    createdTs: clock() - 86_400_000,
    insertTs: clock() - 3_600_000,
    deleted: false,
    data: { instanceId: `i-${hexOf(keyOf(estate.seed, `malformed/${name}`), 17)}`, state: { name: 'running' } },
    ...broken,
  });
  return [
    row('no-configuration', prodUs, { data: null }),
    row('wrong-types', prodUs, { name: 42 }),
    row('tags-as-text', prodUs, { tags: 'half a tag' }),
    row('no-resource-name', devEu, { rrn: null }),
    row('bad-date', devEu, { insertTs: 'yesterday' }),
    row('another-kind', devEu, { id: 'vol-0a1', data: { volumeId: 'vol-0a1' } }),
  ];
}
