import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const ocsf: VendorReaders = {
  vendor: 'ocsf',
  readers: [],
  unread: noReader('findings are written in this form and read from no source', /./),
};
