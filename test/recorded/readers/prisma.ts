import type { VendorReaders } from '../reader.ts';

export const prisma: VendorReaders = {
  vendor: 'prisma',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
