import { planRelevantFacts } from '../../../domain/state-facts.ts';
import { createGcpClients, type GcpClients } from '../../../providers/cloud/gcp/clients.ts';
import { createGcpExecutor } from '../../../providers/cloud/gcp/executor/create-executor.ts';
import { createGcpReader } from '../../../providers/cloud/gcp/reader/create-reader.ts';
import type { CloudExecutor, CloudReader, ExecutionIdentity, ExecutorWaits } from '../../../ports/cloud.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { createCloudMonitoring } from '../../../providers/utilisation/cloud-monitoring/index.ts';
import type { UtilisationPort } from '../../../ports/utilisation.ts';
import { assemble } from '../../../sandbox/estate/build.ts';
import { namedKey } from '../../../sandbox/estate/ids.ts';
import type { Estate, SeededAsset } from '../../../sandbox/estate/types.ts';
import { createGcpSimulator, GcpAccount } from '../../../sandbox/gcp/index.ts';
import { createServiceAccount } from '../../../sandbox/gcp-billing/service-account.ts';
import type { AssetRef } from '../../../schemas/asset.ts';
import type { CloudFacts } from '../../../schemas/cloud-facts.ts';
import type { ActionName, Plan } from '../../../schemas/option.ts';
import { planFor } from '../executor/rig.ts';

export const PROJECT = 'idlewise-tests-1';
export const REGION = 'europe-west1';
export const WAITS: ExecutorWaits = { pollMs: 5, transitionTimeoutMs: 1500, snapshotTimeoutMs: 1500, settleMs: 0 };

const account = (email: string) => {
  const [name = '', host = ''] = email.split('@');
  return createServiceAccount({ projectId: host.split('.')[0] ?? '', name, tokenUri: 'http://127.0.0.1:1/token' });
};
export const KEYS = { read: account(GcpAccount.read), executor: account(GcpAccount.executor) };

export interface Approved {
  readonly asset: AssetRef;
  readonly plan: Plan;
  readonly facts: CloudFacts;
  readonly identity: ExecutionIdentity;
}

type Simulator = ReturnType<typeof createGcpSimulator>;

export interface Rig {
  readonly simulator: Simulator;
  readonly gcp: Simulator['gcp'];
  readonly executor: CloudExecutor;
  readonly reader: CloudReader;
  readonly utilisation: UtilisationPort;
  /** Of the reader, and of the executor. */
  readonly clients: GcpClients;
  readonly executing: GcpClients;
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
  readonly requestTimeoutMs?: number;
}

export async function startRig(assets: readonly SeededAsset[], options: RigOptions = {}): Promise<Rig> {
  const estate =
    options.estate ??
    assemble({
      seed: 7,
      now: Math.floor(Date.now() / 1000),
      assets,
      accounts: [{ accountId: PROJECT, name: 'tests', regions: [REGION] }],
    });
  const simulator = createGcpSimulator({
    estate,
    keys: KEYS,
    transitionMs: options.transitionMs ?? 40,
    ...(options.stateFile ? { stateFile: options.stateFile } : {}),
    ...(options.pageRows ? { pageRows: options.pageRows } : {}),
  });
  const url = await simulator.start();
  const keyFile = (role: 'read' | 'executor') => JSON.stringify({ ...KEYS[role], token_uri: `${url}/token` });
  const clientsOf = (role: 'read' | 'execute') =>
    createGcpClients({
      role,
      ...(options.requestTimeoutMs ? { requestTimeoutMs: options.requestTimeoutMs } : {}),
      secrets: { resolve: async (name) => keyFile(name === 'env:READ' ? 'read' : 'executor') },
      config: {
        readCredentials: 'env:READ',
        executorCredentials: 'env:EXECUTOR',
        computeUrl: url,
        sqlUrl: url,
        monitoringUrl: url,
        loggingUrl: url,
        iamCredentialsUrl: url,
        tokenUrl: null,
        projects: estate.accounts.map(({ accountId, name, regions }) => ({
          projectId: accountId,
          name,
          regions: [...regions],
          phase: 'approve',
          phaseByRegion: {},
          executorServiceAccounts: { reversible: GcpAccount.reversible, destructive: GcpAccount.destructive },
        })),
      },
    });
  const clients = clientsOf('read');
  const executing = clientsOf('execute');
  const executor = createGcpExecutor({ clients: executing, waits: WAITS });
  const ref = (name: string): AssetRef => {
    const asset = estate.assets.find((a) => a.name === name);
    if (!asset) throw new Error(`no seeded asset ${name}`);
    return refOf(asset);
  };
  return {
    simulator,
    gcp: simulator.gcp,
    executor,
    clients,
    executing,
    ref,
    reader: createGcpReader({ clients }),
    utilisation: createCloudMonitoring({ clients }),
    executorWith: (waits) => createGcpExecutor({ clients: executing, waits: { ...WAITS, ...waits } }),
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
      simulator.gcp.world.state.mutations
        .filter((m) => m.key === ref(name).assetKey && m.actor !== 'jane.ops')
        .map((m) => m.operation),
    stop: () => simulator.stop(),
  };
}

export function refOf(asset: SeededAsset): AssetRef {
  const { assetKey, accountId, region, resourceType, resourceId } = asset;
  return { assetKey, provider: 'gcp', accountId, region, resourceType, resourceId };
}

type Extra = Partial<Pick<SeededAsset, 'instance' | 'volume' | 'address' | 'database' | 'tags'>>;

function seed(name: string, resourceType: SeededAsset['resourceType'], extra: Extra): SeededAsset {
  const place = { name, accountId: PROJECT, region: REGION, resourceType };
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
    tags: { name, environment: 'dev', ...extra.tags },
  };
}

export const vm = (
  name: string,
  more: Partial<NonNullable<Extra['instance']>> & { tags?: Record<string, string> } = {},
) => {
  const { tags, ...instance } = more;
  return seed(name, 'compute.googleapis.com/Instance', {
    instance: { instanceType: 'n2-standard-4', ...instance },
    ...(tags ? { tags } : {}),
  });
};
export const disk = (name: string, attachedTo?: string) =>
  seed(name, 'compute.googleapis.com/Disk', {
    volume: { sizeGiB: 128, volumeType: 'pd-balanced', ...(attachedTo ? { attachedTo } : {}) },
    tags: { keep: 'me' },
  });
export const address = (name: string, attachedTo?: string) =>
  seed(name, 'compute.googleapis.com/Address', { address: attachedTo ? { attachedTo } : {} });
export const database = (name: string) =>
  seed(name, 'sqladmin.googleapis.com/Instance', {
    database: { engine: 'postgres', instanceClass: 'db-custom-2-7680', storageGiB: 256, multiZone: false },
  });
