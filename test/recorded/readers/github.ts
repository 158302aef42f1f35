import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const github: VendorReaders = {
  vendor: 'github',
  readers: [],
  unread: noReader('we start pipelines and ask for their end; webhooks of the platform are not taken', /^webhook/),
};
