import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createOrcaSimulator } from './index.ts';

export const orca: SandboxPart = {
  port: 4612,
  secrets: { 'orca-api-token': () => randomBytes(24).toString('hex') },
  create: ({ estate, stateOf, secret, stateFile }) =>
    createOrcaSimulator({ estate, stateOf, stateFile, apiToken: secret('orca-api-token') }),
  configure(config, { url, ref }) {
    config.cnapp.orca = { apiUrl: url('orca'), apiToken: ref('orca-api-token') };
  },
};
