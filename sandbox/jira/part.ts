import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createJiraSimulator } from './index.ts';

/** The account and service desk of the embedded estate. */
const SITE = {
  email: 'idlewise.integration@acme.example',
  projectKey: 'OPS',
  serviceDesk: { id: '4', requestTypeId: '27' },
} as const;

export const jira: SandboxPart = {
  port: 4650,
  secrets: { 'jira-email': () => SITE.email, 'jira-api-token': () => randomBytes(18).toString('hex') },
  create: ({ secret, stateFile }) =>
    createJiraSimulator({ stateFile, options: { ...SITE, apiToken: secret('jira-api-token') } }),
  configure(config, { url, ref }) {
    config.tickets = {
      vendor: 'jira',
      jira: {
        siteUrl: url('jira'),
        email: ref('jira-email'),
        apiToken: ref('jira-api-token'),
        projectKey: SITE.projectKey,
        serviceDesk: SITE.serviceDesk,
        indexLag: '2s',
      },
    };
  },
};
