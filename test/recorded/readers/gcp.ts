import type { VendorReaders } from '../reader.ts';

export const gcp: VendorReaders = {
  vendor: 'gcp',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
