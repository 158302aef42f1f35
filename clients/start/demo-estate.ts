import { providerOf } from '../../domain/resource-kinds.ts';
import { type ByProvider, readerByProvider } from '../../ports/by-provider.ts';
import type { CloudReader } from '../../ports/cloud.ts';
import { cloudsFrom } from '../../compose/registry.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { createAwsClients } from '../../providers/cloud/aws/clients.ts';
import { createAwsReader } from '../../providers/cloud/aws/reader/create-reader.ts';
import { SandboxRole, SandboxUser, sandboxExternalId, sandboxRoleArn } from '../../sandbox/aws/index.ts';
import type { Estate, SeededAsset } from '../../sandbox/estate/types.ts';
import type { Stack } from '../../sandbox/stack.ts';
import { ActionName } from '../../schemas/option.ts';

type Labelled = Pick<Estate, 'assets' | 'accounts'>;

/** Ground truth of every cloud of the stack, as each cloud itself tells it. */
export async function estateOf(stack: Stack): Promise<Labelled> {
  const parts = await Promise.all(
    stack.choice.clouds.map(async (cloud) => {
      const answer = await fetch(`${stack.urls[cloud as keyof typeof stack.urls]}/__sim/estate`);
      const { assets, accounts } = (await answer.json()) as Labelled;
      return { assets: assets.filter((a) => providerOf(a.resourceType) === cloud), accounts };
    }),
  );
  const assets = parts.flatMap((p) => p.assets).map((asset) => (agesAreKnown(stack, asset) ? asset : unjudged(asset)));
  return { assets, accounts: parts[0]?.accounts ?? [] };
}

/** AWS does not say since when an address exists, and of the CNAPPs Lacework does not either. */
function agesAreKnown({ choice }: Stack, asset: SeededAsset): boolean {
  return asset.resourceType !== 'AWS::EC2::EIP' || choice.cnapp.some((vendor) => vendor !== 'lacework');
}

/** What is of unknown age is left alone, however idle it is: the doubt counts. */
function unjudged(asset: SeededAsset): SeededAsset {
  return { ...asset, trulyIdle: false, demo: null };
}

/** Reads each cloud as nobody's executor: in AWS an administrator who only looks, elsewhere the read-only identity. */
export async function createEstateObserver(stack: Stack, accounts: Estate['accounts']): Promise<CloudReader> {
  const readers: ByProvider<CloudReader> = {};
  const clouds = await cloudsFrom({ config: stack.config, secrets: createSecrets(), role: 'read' });
  for (const provider of stack.choice.clouds) {
    const own = clouds[provider]?.reader;
    const aws = accounts.filter((a) => /^\d{12}$/.test(a.accountId));
    const reader = provider === 'aws' ? createObserver(stack.urls.aws, aws) : own;
    if (reader) readers[provider] = reader;
  }
  return readerByProvider(readers);
}

/** Actions that the scripts of these assets end with: each must have been seen. */
export function wantedActions(assets: readonly SeededAsset[]): readonly ActionName[] {
  const wanted = new Set<ActionName>();
  for (const { demo } of assets)
    if (demo?.expected === 'remediated' && !demo.mayBeAbsent)
      for (const step of demo.steps) if (step.do === 'approve') wanted.add(ActionName.parse(step.optionId));
  return [...wanted];
}

/** A client of the embedded cloud that is nobody's worker: an administrator who only looks. */
function createObserver(awsUrl: string, accounts: Estate['accounts']): CloudReader {
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
