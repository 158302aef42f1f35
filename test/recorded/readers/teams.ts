import type { VendorReaders } from '../reader.ts';

export const teams: VendorReaders = {
  vendor: 'teams',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
