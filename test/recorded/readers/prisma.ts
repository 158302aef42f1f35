import { readAlertRows } from '../../../providers/cnapp/prisma/alerts.ts';
import type { VendorReaders } from '../reader.ts';
import { listReader, noReader, one } from '../vendor-rows.ts';

export const prisma: VendorReaders = {
  vendor: 'prisma',
  readers: [listReader(/^GET \/alert\/\{id\}/, one, readAlertRows)],
  unread: [
    ...noReader('code security, which we do not ask', /\/code\/api\//),
    ...noReader('a report of the command line scanner', /scan report/),
    ...noReader('integrations of the tenant, which we do not ask', /\/integration\//),
  ],
};
