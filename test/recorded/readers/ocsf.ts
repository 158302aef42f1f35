import type { VendorReaders } from '../reader.ts';

export const ocsf: VendorReaders = {
  vendor: 'ocsf',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
