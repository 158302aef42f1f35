import { vantageAnomalies, vantageCosts, vantageResources } from '../cost-readers.ts';
import type { VendorReaders } from '../reader.ts';

export const vantage: VendorReaders = {
  vendor: 'vantage',
  readers: [vantageCosts, vantageAnomalies, vantageResources],
  unread: [
    {
      endpoint:
        /\/v2\/(budgets|business_metrics|cost_provider|cost_reports|cost_services|integrations|network_flow|recommendations|report_|resource_reports|scenario|tags|unit_costs|virtual_tag|workspaces)/,
      why: 'not called',
    },
  ],
};
