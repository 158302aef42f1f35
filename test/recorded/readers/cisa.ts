import type { VendorReaders } from '../reader.ts';

export const cisa: VendorReaders = {
  vendor: 'cisa',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
