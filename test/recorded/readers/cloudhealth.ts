import { olapReport } from '../cost-readers.ts';
import type { VendorReaders } from '../reader.ts';

export const cloudhealth: VendorReaders = {
  vendor: 'cloudhealth',
  readers: [olapReport],
  unread: [
    { endpoint: /olap_reports|EXAMPLE reporting/, why: 'a list of reports or an example of a query: not asked for' },
    { endpoint: /request body/, why: 'a request of a call that is never made' },
    {
      endpoint:
        /api\/:asset|aws_account|customers|custom_tags|organizations|partner_billing|perspective|policies|price_book|service_principals|sso/,
      why: 'not called',
    },
  ],
};
