import type { Estate } from '../estate/types.ts';
import { createSeeder, type SeedChange } from './seed-call.ts';
import { seedDatabases } from './seed-databases.ts';
import { seedRoles } from './seed-iam.ts';
import { seedInstances, stopSeeded } from './seed-instances.ts';
import { seedLoadBalancers } from './seed-load-balancers.ts';
import { seedNetwork } from './seed-network.ts';
import { seedStorage } from './seed-storage.ts';

/**
 * Creates every asset of the estate that has no `resourceId` yet, and fills in `resourceId` and `assetKey`. Roles,
 * networks, a base image and auto scaling groups are made along with them. The order of calls is fixed, because ids
 * depend on it.
 */
export async function seedMoto({ estate, change }: { estate: Estate; change: SeedChange }): Promise<void> {
  for (const account of estate.accounts) {
    const wanted = estate.assets.filter((a) => a.accountId === account.accountId && a.resourceId === '');
    if (wanted.length === 0) continue;
    await seedRoles(createSeeder({ change, accountId: account.accountId, region: 'us-east-1' }), account.accountId);
    for (const region of account.regions) {
      const assets = wanted.filter((a) => a.region === region);
      if (assets.length === 0) continue;
      const seeder = createSeeder({ change, accountId: account.accountId, region });
      const bornAt = (daysAgo: number) => (estate.seededAt - daysAgo * 86_400) * 1000;
      const place = { seeder, assets, bornAt, network: await seedNetwork(seeder, bornAt(400)) };
      const ids = await seedInstances(place);
      await seedStorage(place, ids);
      await seedLoadBalancers(place, ids);
      await seedDatabases(place);
      await stopSeeded(place);
    }
  }
}
