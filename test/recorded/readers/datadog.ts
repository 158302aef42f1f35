import type { VendorReaders } from '../reader.ts';
import { noReader } from '../vendor-rows.ts';

/** Telemetry is sent only; of an answer the status and `errors` count, which the client of the vendor hands out. */
export const datadog: VendorReaders = {
  vendor: 'datadog',
  readers: [],
  unread: noReader(
    'we send and read nothing back but the status; see test/contract/telemetry',
    /\/api\/v\d\/(events|series|validate|metrics|query|hosts|logs|logs-queries|monitor|synthetics|usage|cost|cost_by_tag|security|posture_management)/,
    /^connector result/,
  ),
};
