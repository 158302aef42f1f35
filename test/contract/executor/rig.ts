import type { Config } from '../../../config/schema.ts';
import { planRelevantFacts } from '../../../domain/state-facts.ts';
import { createAwsClients } from '../../../providers/cloud/aws/clients.ts';
import { createAwsExecutor } from '../../../providers/cloud/aws/executor/create-executor.ts';
import { createAwsReader } from '../../../providers/cloud/aws/reader/create-reader.ts';
import type { CloudExecutor, ExecutionIdentity, ExecutorWaits } from '../../../ports/cloud.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { sandboxExternalId, sandboxRoleArn } from '../../../sandbox/aws/identities.ts';
import { type AwsEndpoint, createAwsEndpoint, SandboxRole, SandboxUser } from '../../../sandbox/aws/index.ts';
import { assemble } from '../../../sandbox/estate/build.ts';
import type { SeededAsset } from '../../../sandbox/estate/types.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../schemas/option.ts';
import { startMoto } from '../../helpers/servers.ts';

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
export const WAITS: ExecutorWaits = { pollMs: 15, transitionTimeoutMs: 1500, snapshotTimeoutMs: 1500, settleMs: 0 };

/** A plan that was approved for exactly the state the asset is in now. */
export interface Approved {
  readonly asset: AssetRef;
  readonly plan: Plan;
  readonly facts: CloudFacts;
  readonly identity: ExecutionIdentity;
}

export interface Rig {
  readonly aws: AwsEndpoint;
  readonly executor: CloudExecutor;
  readonly reader: ReturnType<typeof createAwsReader>;
  /** Everything allowed: the person who looks, or meddles. */
  readonly admin: ReturnType<ReturnType<typeof createAwsClients>['clientsFor']>;
  readonly clients: ReturnType<typeof createAwsClients>;
  ref(name: string): AssetRef;
  approve(name: string, action: ActionName, parameters?: Record<string, string>): Promise<Approved>;
  executorWith(waits: Partial<ExecutorWaits>, externalId?: string): CloudExecutor;
  stop(): Promise<void>;
}

export async function startRig(assets: readonly SeededAsset[]): Promise<Rig> {
  const moto = await startMoto();
  const estate = assemble({
    seed: 7,
    now: Math.floor(Date.now() / 1000),
    assets,
    accounts: [{ accountId: ACCOUNT, name: 'tests', regions: [REGION] }],
  });
  const aws = await createAwsEndpoint({ estate, motoUrl: moto.url, transitionMs: 60 });
  const endpoint = await aws.start();
  const byName = new Map(assets.map((asset) => [asset.name, asset]));

  const ref = (name: string): AssetRef => {
    const asset = byName.get(name);
    if (!asset) throw new Error(`no seeded asset ${name}`);
    const { assetKey, accountId, region, resourceType, resourceId } = asset;
    return { assetKey, provider: 'aws', accountId, region, resourceType, resourceId };
  };
  const clientsOf = (role: 'read' | 'reversible', externalId = sandboxExternalId(ACCOUNT), admin = false) =>
    createAwsClients({
      role,
      config: awsConfig(endpoint, admin),
      accounts: [account(admin)],
      secrets: { resolve: async (name) => (name === 'env:EXTERNAL_ID' ? externalId : name.slice(4)) },
    });
  const clients = clientsOf('reversible');
  const executor = createAwsExecutor({ clients, waits: WAITS });

  return {
    aws,
    executor,
    clients,
    ref,
    reader: createAwsReader({ clients: clientsOf('read'), accounts: [{ accountId: ACCOUNT, regions: [REGION] }] }),
    admin: clientsOf('read', undefined, true).clientsFor({ accountId: ACCOUNT, region: REGION }),
    executorWith: (waits, externalId) =>
      createAwsExecutor({ clients: clientsOf('reversible', externalId), waits: { ...WAITS, ...waits } }),
    async approve(name, action, parameters = {}) {
      const asset = ref(name);
      const facts = await executor.describe(asset);
      if (!facts) throw new Error(`${name} is not there`);
      const plan = planFor(asset, facts, { action, parameters });
      const identity = { decisionId: 'dec-1', remediationId: plan.remediationId, planDigest: digestOf(plan) };
      return { asset, plan, facts, identity };
    },
    async stop() {
      await aws.stop();
      await moto.stop();
    },
  };
}

export function planFor(
  asset: AssetRef,
  facts: CloudFacts,
  choice: { action: ActionName; parameters: Record<string, string> },
): Plan {
  const { assetKey, accountId, region, resourceType, resourceId } = asset;
  return {
    version: 1,
    remediationId: `remediate/test/${assetKey}/rule`,
    ruleId: 'rule',
    stateDigest: digestOf(planRelevantFacts(facts)),
    expectedMonthlySaving: null,
    reversibility: 'reversible',
    requiredApprovals: 1,
    rollback: '',
    createdAt: '2026-01-01T00:00:00Z',
    assetKey,
    accountId,
    region,
    resourceType,
    resourceId,
    ...choice,
  };
}

function awsConfig(endpoint: string, admin: boolean): Config['aws'] {
  const identity = (accessKeyId: string) => ({ accessKeyId: `env:${accessKeyId}`, secretAccessKey: 'env:ANY' });
  return {
    endpoint,
    readIdentity: identity(admin ? SandboxUser.admin.accessKeyId : SandboxUser.read.accessKeyId),
    executorIdentity: identity(SandboxUser.executor.accessKeyId),
  };
}

function account(admin: boolean): Config['accounts'][number] {
  return {
    accountId: ACCOUNT,
    name: 'tests',
    regions: [REGION],
    phase: 'approve',
    phaseByRegion: {},
    readRoleArn: sandboxRoleArn(ACCOUNT, admin ? SandboxRole.Admin : SandboxRole.Read),
    executorRoleArns: {
      reversible: sandboxRoleArn(ACCOUNT, SandboxRole.Reversible),
      destructive: sandboxRoleArn(ACCOUNT, SandboxRole.Destructive),
    },
    externalId: 'env:EXTERNAL_ID',
  };
}
