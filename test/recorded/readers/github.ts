import type { VendorReaders } from '../reader.ts';

export const github: VendorReaders = {
  vendor: 'github',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
