import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createVantageSimulator } from './index.ts';

export const vantage: SandboxPart = {
  port: 4660,
  secrets: { 'vantage-token': () => `vntg_tkn_${randomBytes(20).toString('hex')}` },
  create: ({ bill, secret }) => createVantageSimulator({ bill, token: secret('vantage-token') }),
  configure(config, { url, ref }) {
    config.cost.vantage = { apiUrl: url('vantage'), apiToken: ref('vantage-token') };
  },
};
