import { devEu, type Place, prodUs } from '../estate/places.ts';
import type { Estate } from '../estate/types.ts';
import { iso, uuid } from './ids.ts';
import { accountThing, type Thing } from './inventory.ts';
import type { Json } from './types.ts';

/** Rows that break the promised shape in different ways. None of them is an asset of the estate. */
export function malformedThings(estate: Estate, accountKey: string, now: number): readonly Thing[] {
  const row = (name: string, at: Place, broken: Record<string, Json>): Thing => ({
    id: uuid(estate.seed, `malformed/${name}`),
    name,
    type: 'AwsEc2Instance',
    assetUniqueId: broken['AssetUniqueId'] === null ? null : `vm_${at.accountId}_${name}`,
    values: {
      AssetUniqueId: `vm_${at.accountId}_${name}`,
      Name: name,
      Type: 'AwsEc2Instance',
      Arn: `arn:aws:ec2:${at.region}:${at.accountId}:instance/i-${'0'.repeat(17)}`,
      State: 'running',
      Region: at.region,
      CreationTime: iso(now - 86_400_000),
      LastSeen: iso(now),
      Tags: {},
      ...broken,
    },
    related: { CloudAccount: accountThing(estate, at.accountId, accountKey) },
  });
  return [
    row('no-cloud-id', prodUs, { Arn: null }),
    row('tags-as-text', prodUs, { Tags: 'half a tag' }),
    row('no-orca-id', prodUs, { AssetUniqueId: null }),
    row('foreign-id', devEu, { Arn: '/subscriptions/0000/virtualMachines/foreign-id' }),
    row('bad-date', devEu, { CreationTime: 'yesterday' }),
  ];
}
