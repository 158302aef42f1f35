import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createLaceworkSimulator } from './index.ts';

/** The demo lives through weeks of sweeps and rescans within minutes. */
const REQUESTS_PER_HOUR = 100_000;

export const lacework: SandboxPart = {
  port: 4613,
  secrets: {
    'lacework-key-id': () => `ACME_${randomBytes(20).toString('hex').toUpperCase()}`,
    'lacework-secret': () => `_${randomBytes(16).toString('hex')}`,
  },
  create: ({ estate, stateOf, secret, stateFile }) =>
    createLaceworkSimulator({
      estate,
      stateOf,
      stateFile,
      keyId: secret('lacework-key-id'),
      secret: secret('lacework-secret'),
      requestsPerHour: REQUESTS_PER_HOUR,
    }),
  configure(config, { url, ref }) {
    config.cnapp.lacework = {
      apiUrl: url('lacework'),
      keyId: ref('lacework-key-id'),
      secret: ref('lacework-secret'),
      requestsPerHour: REQUESTS_PER_HOUR,
      scanPoll: '500ms',
      alertsFor: '2s',
      accountFactsFor: '20s',
    };
  },
};
