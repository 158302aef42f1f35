import type { VendorReaders } from '../reader.ts';

export const lacework: VendorReaders = {
  vendor: 'lacework',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
