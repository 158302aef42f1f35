import type { CmdbPort } from '../../ports/cmdb.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import { ServiceNow } from '../servicenow/section.ts';
import { vendorsOf } from '../vendor.ts';

const { vendor, vendorAt } = vendorsOf<{ readonly secrets: SecretsPort }, CmdbPort>();

/** Every CMDB there is. It is the one whose section is given. */
export const CMDB_VENDORS = {
  servicenow: vendorAt('servicenow', ServiceNow, async (config, parts) =>
    (await import('./servicenow/index.ts')).createServiceNowCmdb({ ...parts, config }),
  ),
  none: vendor(null, async () => (await import('./none.ts')).createNoCmdb()),
};
