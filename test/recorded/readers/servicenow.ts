import type { VendorReaders } from '../reader.ts';

export const servicenow: VendorReaders = {
  vendor: 'servicenow',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
