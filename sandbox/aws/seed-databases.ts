import { arnOf } from '../estate/ids.ts';
import type { SeededAsset } from '../estate/types.ts';
import { allTags, type SeedPlace } from './seed-call.ts';

/** Database servers under the names the catalogue gives them. */
export async function seedDatabases({ assets, seeder, bornAt }: SeedPlace): Promise<void> {
  for (const asset of assets) {
    if (asset.resourceType !== 'AWS::RDS::DBInstance') continue;
    await seeder.call('rds:CreateDBInstance', creation(asset), bornAt(asset.createdDaysAgo));
    asset.resourceId = asset.name;
    asset.assetKey = arnOf(asset);
  }
}

function creation(asset: SeededAsset): Record<string, string> {
  const { engine, instanceClass, storageGiB } = asset.database ?? {
    engine: 'postgres',
    instanceClass: 'db.m5.large',
    storageGiB: 100,
  };
  const create: Record<string, string> = {
    DBInstanceIdentifier: asset.name,
    DBInstanceClass: instanceClass,
    Engine: engine,
    AllocatedStorage: String(storageGiB),
    StorageType: 'gp2',
    MasterUsername: 'owner',
    MasterUserPassword: 'embedded-estate-only',
  };
  Object.entries(allTags(asset)).forEach(([key, value], i) => {
    create[`Tags.Tag.${i + 1}.Key`] = key;
    create[`Tags.Tag.${i + 1}.Value`] = value;
  });
  return create;
}
