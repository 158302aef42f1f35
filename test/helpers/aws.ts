import type { Config } from '../../config/schema.ts';
import { type AwsClients, type AwsRole, createAwsClients } from '../../providers/cloud/aws/clients.ts';
import {
  type AwsEndpoint,
  type AwsEndpointOptions,
  createAwsEndpoint,
  SandboxRole,
  SandboxUser,
  sandboxExternalId,
  sandboxRoleArn,
} from '../../sandbox/aws/index.ts';
import type { Estate, MetricGenerator, SeededAsset } from '../../sandbox/estate/types.ts';
import { startMoto } from './servers.ts';

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'us-east-1';
export const OTHER_REGION = 'eu-west-1';

/** CPU 1.5 % and 1,000 of everything else, in every period. */
export const flatMetrics: MetricGenerator = (_asset, q) =>
  Array.from({ length: Math.max(0, Math.ceil((q.endEpoch - q.startEpoch) / q.periodSeconds)) }, () =>
    q.metric === 'CPUUtilization' ? 1.5 : 1000,
  );

/** One asset with harmless defaults; say what matters for the test. */
export function asset(
  name: string,
  parts: Partial<SeededAsset> & Pick<SeededAsset, 'resourceType'> = { resourceType: 'AWS::EC2::Instance' },
): SeededAsset {
  return {
    name,
    archetype: 'idle',
    accountId: ACCOUNT,
    region: REGION,
    resourceId: '',
    assetKey: '',
    createdDaysAgo: 60,
    tags: { environment: 'test' },
    environment: 'test',
    trulyIdle: true,
    dailyCost: '2.4',
    posture: { internetExposed: false, openPorts: [], adminPrivileges: false, sensitiveData: false, findings: [] },
    cmdb: null,
    createdBy: 'dev-eng',
    demo: null,
    ...(parts.resourceType === 'AWS::EC2::Instance' ? { instance: { instanceType: 'm5.large' } } : {}),
    ...parts,
  };
}

/** An estate of the given assets in two accounts and two regions. */
export function estateOf(assets: readonly SeededAsset[], metric: MetricGenerator = flatMetrics): Estate {
  return {
    seed: 7,
    seededAt: Math.floor(Date.now() / 1000),
    accounts: [ACCOUNT, OTHER_ACCOUNT].map((accountId) => ({
      accountId,
      name: accountId,
      regions: [REGION, OTHER_REGION],
    })),
    assets,
    metric,
    busySince: new Map(),
  };
}

/** Configured accounts as the sandbox has them. */
export function sandboxAccounts(estate: Estate): Config['accounts'] {
  return estate.accounts.map(({ accountId, name, regions }) => ({
    accountId,
    name,
    regions: [...regions],
    phase: 'approve',
    phaseByRegion: {},
    readRoleArn: sandboxRoleArn(accountId, SandboxRole.Read),
    executorRoleArns: {
      reversible: sandboxRoleArn(accountId, SandboxRole.Reversible),
      destructive: sandboxRoleArn(accountId, SandboxRole.Destructive),
    },
    externalId: `env:EXTERNAL_ID_${accountId}`,
  }));
}

/** Clients of one identity against a running endpoint. */
export function sandboxClients(url: string, estate: Estate, role: AwsRole = 'read', maxAttempts = 3): AwsClients {
  const identity = (user: 'read' | 'executor') => ({
    accessKeyId: `env:KEY_${user.toUpperCase()}`,
    secretAccessKey: 'env:SECRET',
  });
  return createAwsClients({
    role,
    maxAttempts,
    accounts: sandboxAccounts(estate),
    config: { endpoint: url, readIdentity: identity('read'), executorIdentity: identity('executor') },
    secrets: {
      resolve: async (reference) => {
        if (reference === 'env:KEY_READ') return SandboxUser.read.accessKeyId;
        if (reference === 'env:KEY_EXECUTOR') return SandboxUser.executor.accessKeyId;
        const account = /^env:EXTERNAL_ID_(\d+)$/.exec(reference)?.[1];
        return account ? sandboxExternalId(account) : 'not-checked';
      },
    },
  });
}

export interface AwsFixture {
  readonly aws: AwsEndpoint;
  readonly url: string;
  readonly motoUrl: string;
  readonly estate: Estate;
  stop(): Promise<void>;
}

/** moto, seeded with the assets, behind the sandbox's AWS endpoint. */
export async function startAws(
  assets: readonly SeededAsset[],
  options: Partial<AwsEndpointOptions> = {},
): Promise<AwsFixture> {
  const moto = await startMoto();
  const estate = options.estate ?? estateOf(assets);
  const aws = await createAwsEndpoint({ transitionMs: 150, ...options, estate, motoUrl: moto.url }).catch(
    async (error: unknown) => {
      await moto.stop();
      throw error;
    },
  );
  const url = await aws.start();
  return {
    aws,
    url,
    motoUrl: moto.url,
    estate,
    async stop() {
      await aws.stop();
      await moto.stop();
    },
  };
}
