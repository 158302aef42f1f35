import type { Memory } from '../../config/memory.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { MongoOptions } from '../store/mongodb/connect.ts';
import { createEmbeddedMemory } from './embedded/index.ts';
import { createKeeper } from './embedded/keeper.ts';
import { loadGuidance } from './guidance.ts';
import { createMongoMemory } from './mongodb.ts';
import { createNoMemory } from './none.ts';
import { createEmbedder } from './openai-embeddings/embedder.ts';
import { createEndpointOpinion } from './openai-embeddings/index.ts';
import type { MemoryKeeper, MemoryPort } from '../../ports/memory.ts';

export interface MemoryParts {
  readonly config: Memory;
  readonly tenant: string;
  readonly mongo: MongoOptions;
  readonly secrets: SecretsPort;
}

/**
 * The whole memory, for whoever assesses.
 * @throws GuidanceError for a guidance file that cannot be used, ProviderError when the database cannot be reached
 */
export async function createMemory({ config, tenant, mongo, secrets }: MemoryParts): Promise<MemoryPort> {
  if (config.vendor === 'none') return createNoMemory();
  const guidance = await loadGuidance(config.guidanceFile);
  const embedder = config.vendor === 'openai' ? await createEmbedder({ config: withUrl(config), secrets }) : null;
  const records = await createMongoMemory({
    ...mongo,
    tenant,
    atlasIndex: embedder ? (config.atlasIndex ?? null) : null,
  });
  const options = { tenant, records, guidance, k: config.k, remembersFor: config.remembersFor };
  if (embedder === null) return createEmbeddedMemory(options);
  return createEmbeddedMemory({ ...options, opinion: await createEndpointOpinion({ records, guidance, embedder }) });
}

/** For whoever closes cases: writes, recalls nothing, and needs neither the guidance nor the endpoint's key. */
export async function createMemoryKeeper({
  config,
  tenant,
  mongo,
}: Omit<MemoryParts, 'secrets'>): Promise<MemoryKeeper> {
  if (config.vendor === 'none') return createNoMemory();
  return createKeeper({
    tenant,
    records: await createMongoMemory({ ...mongo, tenant }),
    remembersFor: config.remembersFor,
  });
}

/** The schema already asks for it; this is for configurations that were put together in code. */
function withUrl(config: Memory): Memory & { readonly baseUrl: string } {
  if (config.baseUrl !== undefined) return { ...config, baseUrl: config.baseUrl };
  throw new ProviderError({
    kind: 'terminal',
    provider: 'memory',
    operation: 'configure',
    message: 'memory.baseUrl: found nothing although memory.vendor is openai; add the endpoint',
  });
}
