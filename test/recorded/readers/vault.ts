import type { VendorReaders } from '../reader.ts';

export const vault: VendorReaders = {
  vendor: 'vault',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
