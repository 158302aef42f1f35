import type { MemoryPort } from '../../ports/memory.ts';
import { createEmbeddedMemory } from './embedded/index.ts';
import { loadGuidance } from './guidance.ts';
import { createMongoMemory } from './mongodb.ts';
import type { Embedder } from './openai-embeddings/embedder.ts';
import { createEndpointOpinion } from './openai-embeddings/index.ts';
import type { MemoryParts } from './vendors.ts';

/**
 * The memory of this process, with the opinion of an embeddings endpoint where there is one.
 * @throws GuidanceError for a guidance file that cannot be used, ProviderError when the database cannot be reached
 */
export async function createMemory(
  { settings, tenant, mongo }: Omit<MemoryParts, 'secrets'>,
  embedder: Embedder | null = null,
): Promise<MemoryPort> {
  const guidance = await loadGuidance(settings.guidanceFile);
  const records = await createMongoMemory({
    ...mongo,
    tenant,
    atlasIndex: embedder ? (settings.atlasIndex ?? null) : null,
  });
  const options = { tenant, records, guidance, k: settings.k, remembersFor: settings.remembersFor };
  if (embedder === null) return createEmbeddedMemory(options);
  return createEmbeddedMemory({ ...options, opinion: await createEndpointOpinion({ records, guidance, embedder }) });
}
