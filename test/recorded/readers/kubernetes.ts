import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const kubernetes: VendorReaders = {
  vendor: 'kubernetes',
  readers: [],
  unread: noReader('this product admits no pods: it reviews no admission', /./),
};
