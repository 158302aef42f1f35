import type { VendorReaders } from '../reader.ts';

export const kubernetes: VendorReaders = {
  vendor: 'kubernetes',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
