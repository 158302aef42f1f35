import type { VendorReaders } from '../reader.ts';

export const vantage: VendorReaders = {
  vendor: 'vantage',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
