import type { VendorReaders } from '../reader.ts';

export const slack: VendorReaders = {
  vendor: 'slack',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
