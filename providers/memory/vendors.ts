import { ProviderError } from '../../ports/errors.ts';
import type { MemoryKeeper, MemoryPort } from '../../ports/memory.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { MongoOptions } from '../store/mongodb/connect.ts';
import { vendorsOf } from '../vendor.ts';
import { Embeddings } from './openai-embeddings/section.ts';
import type { MemorySettings } from './settings.ts';

/** For whoever closes cases: it writes, and needs neither the guidance nor an endpoint's key. */
export interface KeeperParts {
  readonly settings: MemorySettings;
  readonly tenant: string;
  readonly mongo: MongoOptions;
}

/** For whoever assesses. */
export interface MemoryParts extends KeeperParts {
  readonly secrets: SecretsPort;
}

const { vendor, vendorAt } = vendorsOf<MemoryParts, MemoryPort>();

const keeper = async ({ settings, tenant, mongo }: KeeperParts): Promise<MemoryKeeper> => {
  const { createKeeper } = await import('./embedded/keeper.ts');
  const { createMongoMemory } = await import('./mongodb.ts');
  const records = await createMongoMemory({ ...mongo, tenant });
  return createKeeper({ tenant, records, remembersFor: settings.remembersFor });
};

/**
 * Every kind of memory there is, by its name in `memory.vendor`, and what each keeps with.
 * `create` throws GuidanceError for a guidance file that cannot be used, ProviderError when the database cannot be reached.
 */
export const MEMORY_VENDORS = {
  embedded: { keeper, ...vendor(null, async (_, parts) => (await import('./create-memory.ts')).createMemory(parts)) },
  openai: {
    keeper,
    ...vendorAt('memory', Embeddings, async (config, parts) => {
      const { createEmbedder } = await import('./openai-embeddings/embedder.ts');
      const { createMemory } = await import('./create-memory.ts');
      return createMemory(parts, await createEmbedder({ config: withUrl(config), secrets: parts.secrets }));
    }),
  },
  none: {
    keeper: async (): Promise<MemoryKeeper> => (await import('./none.ts')).createNoMemory(),
    ...vendor(null, async () => (await import('./none.ts')).createNoMemory()),
  },
};

/** The schema already asks for it; this is for configurations that were put together in code. */
function withUrl(config: Embeddings): Embeddings & { readonly baseUrl: string } {
  if (config.baseUrl !== undefined) return { ...config, baseUrl: config.baseUrl };
  throw new ProviderError({
    kind: 'terminal',
    provider: 'memory',
    operation: 'configure',
    message: 'memory.baseUrl: found nothing although memory.vendor is openai; add the endpoint',
  });
}
