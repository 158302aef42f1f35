import { randomBytes } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createOpenAiSimulator } from './index.ts';

const MODEL = 'sandbox-assessor';

export const openai: SandboxPart = {
  port: 4640,
  secrets: { 'model-api-key': () => `sk-${randomBytes(18).toString('hex')}` },
  create: ({ secret }) => createOpenAiSimulator({ models: [MODEL], apiKey: secret('model-api-key') }),
  configure(config, { url, ref }) {
    config.model = {
      vendor: 'openai',
      baseUrl: `${url('openai')}/v1`,
      apiKey: ref('model-api-key'),
      model: MODEL,
    };
  },
};
