import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const ocsf: VendorReaders = {
  vendor: 'ocsf',
  readers: [],
  unread: noReader(
    'not read: findings are written in this form, and no source is asked for it',
    /^Prowler OCSF output$/,
  ),
};
