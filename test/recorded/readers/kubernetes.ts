import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const kubernetes: VendorReaders = {
  vendor: 'kubernetes',
  readers: [],
  unread: noReader(
    'not read: this product admits nothing to a cluster and asks no cluster',
    /^Admission(Request|Review)\b/,
  ),
};
