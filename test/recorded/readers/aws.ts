import type { VendorReaders } from '../reader.ts';

export const aws: VendorReaders = {
  vendor: 'aws',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
