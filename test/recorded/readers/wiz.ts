import type { VendorReaders } from '../reader.ts';

export const wiz: VendorReaders = {
  vendor: 'wiz',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
