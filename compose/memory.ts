import type { Config } from '../config/schema.ts';
import { createMemory, createMemoryKeeper, type MemoryParts } from '../providers/memory/create-memory.ts';
import type { MemoryKeeper, MemoryPort } from '../ports/memory.ts';
import type { SecretsPort } from '../ports/secrets.ts';

/** The whole memory: recalls and, where an endpoint is configured, sends banded text to it. */
export async function openMemory(config: Config, secrets: SecretsPort): Promise<MemoryPort> {
  return createMemory({ ...(await partsOf(config, secrets)), secrets });
}

/** Writing alone: no key of an endpoint is needed, and none is read. */
export async function openMemoryKeeper(config: Config, secrets: SecretsPort): Promise<MemoryKeeper> {
  return createMemoryKeeper(await partsOf(config, secrets));
}

async function partsOf(config: Config, secrets: SecretsPort): Promise<Omit<MemoryParts, 'secrets'>> {
  const { uri, database } = config.mongodb;
  return {
    config: config.memory,
    tenant: config.tenant,
    mongo: { uri: uri.startsWith('mongodb') ? uri : await secrets.resolve(uri), database },
  };
}
