import type { VendorReaders } from '../reader.ts';

export const jira: VendorReaders = {
  vendor: 'jira',
  readers: [],
  unread: [{ endpoint: /./, why: 'no reader is named yet' }],
};
