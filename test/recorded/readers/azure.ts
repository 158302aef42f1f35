import type { VendorReaders } from '../reader.ts';

export const azure: VendorReaders = {
  vendor: 'azure',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
