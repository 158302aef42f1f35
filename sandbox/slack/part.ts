import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createSlackSimulator } from './index.ts';

export const slack: SandboxPart = {
  port: 4630,
  secrets: {
    'slack-bot-token': () => `xoxb-${randomBytes(18).toString('hex')}`,
    'slack-people-token': () => `xoxb-${randomBytes(18).toString('hex')}`,
    'slack-signing-secret': () => randomBytes(24).toString('hex'),
  },
  create: ({ secret, stateFile, chatAppUrl }) =>
    createSlackSimulator({
      stateFile,
      appUrl: () => chatAppUrl,
      signingSecret: secret('slack-signing-secret'),
      options: { botToken: secret('slack-bot-token'), peopleToken: secret('slack-people-token') },
    }),
  configure(config, { url, ref, chatAppPort }) {
    config.chat = { vendor: 'slack' };
    config.slack = {
      apiUrl: `${url('slack')}/api/`,
      botToken: ref('slack-bot-token'),
      peopleToken: ref('slack-people-token'),
      signingSecret: ref('slack-signing-secret'),
      appId: 'A0IDLEWISE',
      teamId: 'T0IDLEWISE',
      channel: 'C0IDLEWISE',
      approverUsergroup: 'S0APPROVERS',
      port: chatAppPort,
      allowedResponseUrlHosts: ['127.0.0.1'],
    };
  },
};
