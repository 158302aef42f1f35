import type { VendorReaders } from '../reader.ts';

export const gitlab: VendorReaders = {
  vendor: 'gitlab',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
