import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createTeamsSimulator, SANDBOX_APP_ID, SANDBOX_CONVERSATION, SANDBOX_TENANT_ID } from './index.ts';

export const teams: SandboxPart = {
  port: 4631,
  secrets: { 'teams-app-password': () => randomBytes(24).toString('base64url') },
  create: ({ secret, stateFile, chatAppUrl }) =>
    createTeamsSimulator({ stateFile, appUrl: () => chatAppUrl, appPassword: secret('teams-app-password') }),
  configure(config, { url, ref, chatAppPort }) {
    config.chat = {
      vendor: 'teams',
      teams: {
        appId: SANDBOX_APP_ID,
        appPassword: ref('teams-app-password'),
        tenantId: SANDBOX_TENANT_ID,
        conversationId: SANDBOX_CONVERSATION,
        serviceUrl: `${url('teams')}/teams`,
        allowedServiceHosts: ['127.0.0.1'],
        tokenUrl: `${url('teams')}/${SANDBOX_TENANT_ID}/oauth2/v2.0/token`,
        jwksUrl: `${url('teams')}/v1/.well-known/keys`,
        port: chatAppPort,
      },
    };
  },
};
