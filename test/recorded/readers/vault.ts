import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const vault: VendorReaders = {
  vendor: 'vault',
  readers: [],
  unread: noReader(
    'administration and logins other than AppRole; see test/contract/secrets for AppRole and KV',
    /^Vault API/,
  ),
};
