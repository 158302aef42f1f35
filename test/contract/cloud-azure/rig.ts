import { planRelevantFacts } from '../../../domain/state-facts.ts';
import { type AzureClients, createAzureClients } from '../../../providers/cloud/azure/clients.ts';
import { createAzureExecutor } from '../../../providers/cloud/azure/executor/create-executor.ts';
import { createAzureReader } from '../../../providers/cloud/azure/reader/create-reader.ts';
import type { CloudExecutor, CloudReader, ExecutionIdentity, ExecutorWaits } from '../../../ports/cloud.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { createAzureMonitor } from '../../../providers/utilisation/azure-monitor/index.ts';
import type { UtilisationPort } from '../../../ports/utilisation.ts';
import { AZURE_TENANT, AzureApp, createAzureSimulator } from '../../../sandbox/azure/index.ts';
import { assemble } from '../../../sandbox/estate/build.ts';
import { namedKey } from '../../../sandbox/estate/ids.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../schemas/option.ts';
import { planFor } from '../executor/rig.ts';

export const SUBSCRIPTION = '1f0c2a6e-0000-4000-8000-0000000000aa';
export const REGION = 'westeurope';
export const WAITS: ExecutorWaits = { pollMs: 5, transitionTimeoutMs: 1500, snapshotTimeoutMs: 1500, settleMs: 0 };
export const SECRETS = {
  read: 'secret-of-the-reader',
  reversible: 'secret-of-reversible',
  destructive: 'secret-of-destructive',
};

export interface Approved {
  readonly asset: AssetRef;
  readonly plan: Plan;
  readonly facts: CloudFacts;
  readonly identity: ExecutionIdentity;
}

type Simulator = ReturnType<typeof createAzureSimulator>;

export interface Rig {
  readonly simulator: Simulator;
  readonly azure: Simulator['azure'];
  readonly executor: CloudExecutor;
  readonly reader: CloudReader;
  readonly utilisation: UtilisationPort;
  /** Under the read-only app. */
  readonly clients: AzureClients;
  /** Under the executor's apps. */
  readonly executing: AzureClients;
  ref(name: string): AssetRef;
  approve(name: string, action: ActionName, parameters?: Record<string, string>): Promise<Approved>;
  executorWith(waits: Partial<ExecutorWaits>): CloudExecutor;
  /** Changes of one asset that took effect, as `operation` words. */
  effects(name: string): readonly string[];
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly estate?: Estate;
  readonly transitionMs?: number;
  readonly stateFile?: string;
  readonly pageRows?: number;
  readonly secrets?: typeof SECRETS;
}

export async function startRig(assets: readonly SeededAsset[], options: RigOptions = {}): Promise<Rig> {
  const estate =
    options.estate ??
    assemble({
      seed: 7,
      now: Math.floor(Date.now() / 1000),
      assets,
      accounts: [{ accountId: SUBSCRIPTION, name: 'tests', regions: [REGION] }],
    });
  const simulator = createAzureSimulator({
    estate,
    secrets: SECRETS,
    transitionMs: options.transitionMs ?? 40,
    ...(options.stateFile ? { stateFile: options.stateFile } : {}),
    ...(options.pageRows ? { pageRows: options.pageRows } : {}),
  });
  const url = await simulator.start();
  const known = options.secrets ?? SECRETS;
  const clientsOf = (role: 'read' | 'execute') =>
    createAzureClients({
      role,
      secrets: { resolve: async (name) => known[name.slice(4) as keyof typeof SECRETS] ?? '' },
      config: {
        tenantId: AZURE_TENANT,
        authorityUrl: url,
        armUrl: url,
        metricsUrl: `${url}/regions/{region}`,
        armScope: 'https://management.azure.com/.default',
        metricsScope: 'https://management.azure.com/.default',
        readIdentity: { clientId: AzureApp.read, clientSecret: 'env:read' },
        subscriptions: estate.accounts.map(({ accountId, name, regions }) => ({
          subscriptionId: accountId,
          name,
          regions: [...regions],
          phase: 'approve',
          phaseByRegion: {},
          executorIdentities: {
            reversible: { clientId: AzureApp.reversible, clientSecret: 'env:reversible' },
            destructive: { clientId: AzureApp.destructive, clientSecret: 'env:destructive' },
          },
        })),
      },
    });
  const clients = clientsOf('read');
  const executing = clientsOf('execute');
  const executor = createAzureExecutor({ clients: executing, waits: WAITS });
  const ref = (name: string): AssetRef => {
    const asset = estate.assets.find((a) => a.name === name);
    if (!asset) throw new Error(`no seeded asset ${name}`);
    return refOf(asset);
  };
  return {
    simulator,
    azure: simulator.azure,
    executor,
    clients,
    executing,
    ref,
    reader: createAzureReader({ clients }),
    utilisation: createAzureMonitor({ clients }),
    executorWith: (waits) => createAzureExecutor({ clients: executing, waits: { ...WAITS, ...waits } }),
    async approve(name, action, parameters = {}) {
      const asset = ref(name);
      const facts = await executor.describe(asset);
      if (!facts) throw new Error(`${name} is not there`);
      const plan = planFor(asset, facts, { action, parameters });
      if (digestOf(planRelevantFacts(facts)) !== plan.stateDigest) throw new Error('not this state');
      const identity = { decisionId: 'dec-1', remediationId: plan.remediationId, planDigest: digestOf(plan) };
      return { asset, plan, facts, identity };
    },
    effects: (name) =>
      simulator.azure.world.state.mutations
        .filter((m) => m.key === ref(name).assetKey && m.actor !== 'jane.ops')
        .map((m) => m.operation),
    stop: () => simulator.stop(),
  };
}

export function refOf(asset: SeededAsset): AssetRef {
  const { assetKey, accountId, region, resourceType, resourceId } = asset;
  return { assetKey, provider: 'azure', accountId, region, resourceType, resourceId };
}

type Extra = Partial<Pick<SeededAsset, 'instance' | 'volume' | 'address' | 'loadBalancer' | 'database' | 'tags'>>;

function seed(name: string, resourceType: SeededAsset['resourceType'], extra: Extra): SeededAsset {
  const place = { name, accountId: SUBSCRIPTION, region: REGION, resourceType };
  const assetKey = namedKey(place);
  return {
    ...place,
    archetype: 'idle',
    resourceId: assetKey,
    assetKey,
    createdDaysAgo: 60,
    environment: 'dev',
    trulyIdle: true,
    dailyCost: '2.4',
    posture: { internetExposed: false, openPorts: [], adminPrivileges: false, sensitiveData: false, findings: [] },
    cmdb: null,
    createdBy: 'dana',
    demo: null,
    ...extra,
    tags: { Name: name, environment: 'dev', ...extra.tags },
  };
}

export const vm = (
  name: string,
  more: Partial<NonNullable<Extra['instance']>> & { tags?: Record<string, string> } = {},
) => {
  const { tags, ...instance } = more;
  return seed(name, 'Microsoft.Compute/virtualMachines', {
    instance: { instanceType: 'Standard_D4s_v5', ...instance },
    ...(tags ? { tags } : {}),
  });
};
export const disk = (name: string, attachedTo?: string) =>
  seed(name, 'Microsoft.Compute/disks', {
    volume: { sizeGiB: 128, volumeType: 'Premium_LRS', ...(attachedTo ? { attachedTo } : {}) },
    tags: { keep: 'me' },
  });
export const address = (name: string, attachedTo?: string) =>
  seed(name, 'Microsoft.Network/publicIPAddresses', { address: attachedTo ? { attachedTo } : {} });
export const balancer = (name: string, targets: readonly string[] = []) =>
  seed(name, 'Microsoft.Network/loadBalancers', { loadBalancer: { targets, type: 'network' } });
export const database = (name: string, instanceClass = 'GP_Gen5_4') =>
  seed(name, 'Microsoft.Sql/managedInstances', {
    database: { engine: 'sqlserver', instanceClass, storageGiB: 256, multiZone: false },
  });
