import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createWizSimulator } from './index.ts';

const CLIENT_ID = 'idlewise-sandbox';

export const wiz: SandboxPart = {
  port: 4610,
  secrets: {
    'wiz-client-id': () => CLIENT_ID,
    'wiz-client-secret': () => randomBytes(24).toString('hex'),
  },
  create: ({ estate, stateOf, secret, stateFile }) =>
    createWizSimulator({
      estate,
      stateOf,
      stateFile,
      clientId: CLIENT_ID,
      clientSecret: secret('wiz-client-secret'),
    }),
  configure(config, { url, ref }) {
    config.cnapp.wiz = {
      tokenUrl: `${url('wiz')}/oauth/token`,
      apiUrl: `${url('wiz')}/graphql`,
      clientId: ref('wiz-client-id'),
      clientSecret: ref('wiz-client-secret'),
    };
  },
};
