import type { SandboxPart } from '../kit/part.ts';
import { createGcpBillingSimulator } from './index.ts';
import { createServiceAccount } from './service-account.ts';

const PROJECT_ID = 'acme-finops-161803';
const TABLE = `${PROJECT_ID}.billing.gcp_billing_export_resource_v1_01AB23_45CD67_89EF01`;

export const gcpBilling: SandboxPart = {
  port: 4663,
  secrets: {
    'gcp-billing-key': ({ url }) =>
      JSON.stringify(
        createServiceAccount({
          projectId: PROJECT_ID,
          name: 'idlewise-billing',
          tokenUri: `${url('gcp-billing')}/token`,
        }),
      ),
  },
  create: ({ bill, secret }) =>
    createGcpBillingSimulator({
      billRows: bill,
      serviceAccount: JSON.parse(secret('gcp-billing-key')) as { client_email: string; private_key: string },
      projectId: PROJECT_ID,
      table: TABLE,
    }),
  configure(config, { url, ref }) {
    config.cost.gcp = {
      apiUrl: url('gcp-billing'),
      credentials: ref('gcp-billing-key'),
      projectId: PROJECT_ID,
      table: TABLE,
    };
  },
};
