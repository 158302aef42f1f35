import type { VendorReaders } from '../reader.ts';

export const cloudhealth: VendorReaders = {
  vendor: 'cloudhealth',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
