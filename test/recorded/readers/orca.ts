import { olderAlert } from '../../../providers/cnapp/orca/alert-rows.ts';
import { readAlertRows } from '../../../providers/cnapp/orca/alerts.ts';
import type { VendorReaders } from '../reader.ts';
import { listIn, listReader, noReader, one } from '../vendor-rows.ts';

/** The log event has the shape of the older alert query. */
const older = (nodes: readonly unknown[]) => readAlertRows(nodes, olderAlert);

export const orca: VendorReaders = {
  vendor: 'orca',
  readers: [
    listReader(/Orca\.Alert log event/, one, older),
    listReader(/alert search/, (body) => listIn(body, 'alerts') ?? [], older),
  ],
  unread: [
    ...noReader('an export for people; we read the API', /^alert export/),
    ...noReader('result of another product’s connector', /^connector result/),
  ],
};
