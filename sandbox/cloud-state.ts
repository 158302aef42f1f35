import { createAwsClients } from '../providers/cloud/aws/clients.ts';
import { createAwsReader } from '../providers/cloud/aws/reader/create-reader.ts';
import type { CloudReader } from '../ports/cloud.ts';
import type { CloudFacts } from '../schemas/cloud-facts.ts';
import { SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from './aws/index.ts';
import { arnOf } from './estate/ids.ts';
import type { Estate, SeededAsset } from './estate/types.ts';
import type { CloudState } from './kit/part.ts';

/** A client of the embedded cloud that is nobody's worker: an administrator who only looks. */
export function createObserver(awsUrl: string, accounts: Estate['accounts']): CloudReader {
  const values: Record<string, string> = {
    'env:OBSERVER_KEY': SandboxUser.admin.accessKeyId,
    'env:OBSERVER_SECRET': 'any',
  };
  for (const { accountId } of accounts) values[`env:EXTERNAL_ID_${accountId}`] = sandboxExternalId(accountId);
  const clients = createAwsClients({
    role: 'read',
    secrets: { resolve: async (reference) => values[reference] ?? '' },
    config: {
      endpoint: awsUrl,
      readIdentity: { accessKeyId: 'env:OBSERVER_KEY', secretAccessKey: 'env:OBSERVER_SECRET' },
      executorIdentity: null,
    },
    accounts: accounts.map(({ accountId, name, regions }) => ({
      accountId,
      name,
      regions: [...regions],
      phase: 'observe',
      phaseByRegion: {},
      readRoleArn: sandboxRoleArn(accountId, SandboxRole.Admin),
      executorRoleArns: { reversible: '', destructive: '' },
      externalId: `env:EXTERNAL_ID_${accountId}`,
    })),
  });
  return createAwsReader({ clients, accounts });
}

/** What a scanner that looks at the cloud right now would find of an asset. */
export function cloudStateFrom(observer: CloudReader): (asset: SeededAsset) => Promise<CloudState> {
  return async (asset) => {
    const facts = await factsOf(observer, asset);
    if (!facts || facts.state === 'terminated' || facts.state === 'deleted') return 'gone';
    return facts.state === 'stopped' ? 'stopped' : 'present';
  };
}

/** Its instance type, where it has one. */
export function sizeFrom(observer: CloudReader): (asset: SeededAsset) => Promise<string | null> {
  return async (asset) => {
    const facts = await factsOf(observer, asset);
    return facts?.kind === 'instance' ? facts.instanceType : null;
  };
}

/** Several platforms look at one asset at the same time; the embedded cloud need not be asked by each. */
const LOOK_MS = 250;
const looks = new WeakMap<CloudReader, Map<string, { at: number; facts: Promise<CloudFacts | undefined> }>>();

function factsOf(observer: CloudReader, asset: SeededAsset): Promise<CloudFacts | undefined> {
  const known = looks.get(observer) ?? new Map();
  looks.set(observer, known);
  const last = known.get(asset.name);
  if (last !== undefined && Date.now() - last.at < LOOK_MS) return last.facts;
  const facts = lookAt(observer, asset);
  known.set(asset.name, { at: Date.now(), facts });
  return facts;
}

async function lookAt(observer: CloudReader, asset: SeededAsset): Promise<CloudFacts | undefined> {
  const ref = {
    assetKey: asset.assetKey || arnOf(asset),
    provider: 'aws' as const,
    accountId: asset.accountId,
    region: asset.region,
    resourceType: asset.resourceType,
    resourceId: asset.resourceId,
  };
  return (await observer.describe([ref])).facts.get(ref.assetKey);
}
