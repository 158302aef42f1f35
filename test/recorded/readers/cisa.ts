import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const cisa: VendorReaders = {
  vendor: 'cisa',
  readers: [],
  unread: noReader('known exploitation is told by the CNAPP; the catalogue is not read', /./),
};
