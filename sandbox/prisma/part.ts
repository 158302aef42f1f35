import { randomBytes, randomUUID } from 'node:crypto';
import type { SandboxPart } from '../kit/part.ts';
import { createPrismaSimulator } from './index.ts';

/** Higher than the platform's own: a whole estate is looked at in a minute here, not in a day. */
const FAST = { perSecond: 50, burst: 50 };

export const prisma: SandboxPart = {
  port: 4611,
  secrets: {
    'prisma-access-key-id': () => randomUUID(),
    'prisma-secret-key': () => randomBytes(20).toString('base64'),
  },
  create: ({ estate, stateOf, sizeOf, secret, stateFile }) =>
    createPrismaSimulator({
      estate,
      stateOf,
      sizeOf,
      stateFile,
      accessKeyId: secret('prisma-access-key-id'),
      secretKey: secret('prisma-secret-key'),
      rateLimits: { '/v2/alert': FAST },
    }),
  configure(config, { url, ref }) {
    config.cnapp.prisma = {
      apiUrl: url('prisma'),
      accessKeyId: ref('prisma-access-key-id'),
      secretKey: ref('prisma-secret-key'),
    };
  },
};
