import type { Config } from '../config/schema.ts';
import type { MemoryKeeper, MemoryPort } from '../ports/memory.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import { type KeeperParts, MEMORY_VENDORS } from '../providers/memory/vendors.ts';
import { mongoOptions } from './records.ts';
import { openVendor } from './registry.ts';

/** The whole memory: recalls and, where an endpoint is configured, sends banded text to it. */
export async function openMemory(config: Config, secrets: SecretsPort): Promise<MemoryPort> {
  const { vendor } = config.memory;
  const parts = { ...(await partsOf(config, secrets)), secrets };
  return openVendor(config, 'memory', [vendor, MEMORY_VENDORS[vendor]], parts);
}

/** Writing alone: no key of an endpoint is needed, and none is read. */
export async function openMemoryKeeper(config: Config, secrets: SecretsPort): Promise<MemoryKeeper> {
  return MEMORY_VENDORS[config.memory.vendor].keeper(await partsOf(config, secrets));
}

async function partsOf(config: Config, secrets: SecretsPort): Promise<KeeperParts> {
  return { settings: config.memory, tenant: config.tenant, mongo: await mongoOptions(config, secrets) };
}
