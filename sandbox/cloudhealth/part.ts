import { randomUUID } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createCloudHealthSimulator, SANDBOX_REPORTS } from './index.ts';

export const cloudhealth: SandboxPart = {
  port: 4661,
  secrets: { 'cloudhealth-key': () => randomUUID() },
  create: ({ bill, secret }) => createCloudHealthSimulator({ bill, apiKey: secret('cloudhealth-key') }),
  configure(config, { url, ref }) {
    config.cost.cloudhealth = {
      apiUrl: url('cloudhealth'),
      graphqlUrl: `${url('cloudhealth')}/graphql`,
      apiKey: ref('cloudhealth-key'),
      reports: SANDBOX_REPORTS.map(({ cloud, id }) => ({ cloud, id })),
      poll: '200ms',
      freshFor: '2s',
    };
  },
};
