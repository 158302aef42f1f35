import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const cisa: VendorReaders = {
  vendor: 'cisa',
  readers: [],
  unread: noReader(
    'not read: the CNAPP says what is known to be exploited, and the catalogue is not asked for',
    /^GET known_exploited_vulnerabilities\.json$/,
  ),
};
