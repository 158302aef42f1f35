import { randomBytes, randomUUID } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createAzureCostSimulator } from './index.ts';

const TENANT_ID = 'acce0000-0000-4000-8000-00000000acce';

export const azureCost: SandboxPart = {
  port: 4662,
  secrets: {
    'azure-cost-client-id': () => randomUUID(),
    'azure-cost-client-secret': () => randomBytes(24).toString('base64url'),
  },
  create: ({ bill, secret }) =>
    createAzureCostSimulator({
      billRows: bill,
      tenantId: TENANT_ID,
      clientId: secret('azure-cost-client-id'),
      clientSecret: secret('azure-cost-client-secret'),
      // The demo lives through months of bills within minutes.
      callsPerMinute: 240,
      quotas: [],
    }),
  configure(config, { url, ref }) {
    config.cost.azure = {
      apiUrl: url('azure-cost'),
      identity: {
        tenantId: TENANT_ID,
        authorityUrl: url('azure-cost'),
        clientId: ref('azure-cost-client-id'),
        clientSecret: ref('azure-cost-client-secret'),
      },
    };
  },
};
