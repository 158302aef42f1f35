import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

export const slack: VendorReaders = {
  vendor: 'slack',
  readers: [],
  unread: [
    ...noReader(
      'clicks of other apps: ours carry our own signed value; see test/contract/slack',
      /^interactivity request/,
    ),
    ...noReader('we subscribe to no event', /^events request/),
    ...noReader('answers are read by the vendor’s own client', /^POST [a-z]+\.[A-Za-z.]+$/),
  ],
};
