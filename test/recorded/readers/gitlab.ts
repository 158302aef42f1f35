import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const gitlab: VendorReaders = {
  vendor: 'gitlab',
  readers: [],
  unread: noReader('we start pipelines and ask for their end; webhooks of the platform are not taken', /^webhook/),
};
