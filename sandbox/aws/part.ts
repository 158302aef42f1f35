import { randomBytes } from 'node:crypto';
import { ACCOUNTS, sandboxPhase } from '../estate/places.ts';
import { createAwsBillSource } from '../kit/aws-bill-source.ts';
import type { SandboxPart } from '../kit/part.ts';
import { createAwsEndpoint, SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from './index.ts';

export const aws: SandboxPart = {
  port: 4566,
  secrets: {
    'aws-read-key': () => SandboxUser.read.accessKeyId,
    'aws-read-secret': () => randomBytes(20).toString('hex'),
    'aws-executor-key': () => SandboxUser.executor.accessKeyId,
    'aws-executor-secret': () => randomBytes(20).toString('hex'),
    ...Object.fromEntries(ACCOUNTS.map((a) => [`external-id-${a.accountId}`, () => sandboxExternalId(a.accountId)])),
  },
  async create({ estate, motoUrl, stateFile }) {
    const endpoint = await createAwsEndpoint({ estate, motoUrl, stateFile });
    const bill = createAwsBillSource(endpoint.billWorld);
    return {
      ...endpoint,
      cloud: { provider: 'aws', ...endpoint.look, bill },
    };
  },
  configure(config, { url, ref }) {
    config.accounts = ACCOUNTS.map(({ accountId, name, regions }) => ({
      accountId,
      name,
      regions: [...regions],
      phase: sandboxPhase({ accountId, region: regions[0] }),
      phaseByRegion: Object.fromEntries(regions.map((region) => [region, sandboxPhase({ accountId, region })])),
      readRoleArn: sandboxRoleArn(accountId, SandboxRole.Read),
      executorRoleArns: {
        reversible: sandboxRoleArn(accountId, SandboxRole.Reversible),
        destructive: sandboxRoleArn(accountId, SandboxRole.Destructive),
      },
      externalId: ref(`external-id-${accountId}`),
    }));
    config.aws = {
      endpoint: url('aws'),
      readIdentity: { accessKeyId: ref('aws-read-key'), secretAccessKey: ref('aws-read-secret') },
      executorIdentity: { accessKeyId: ref('aws-executor-key'), secretAccessKey: ref('aws-executor-secret') },
    };
  },
};
