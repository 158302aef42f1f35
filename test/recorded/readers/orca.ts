import type { VendorReaders } from '../reader.ts';

export const orca: VendorReaders = {
  vendor: 'orca',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
