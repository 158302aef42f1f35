import type { Config } from '../../../config/schema.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createAzureMonitor } from '../../utilisation/azure-monitor/index.ts';
import type { Cloud } from '../../../ports/cloud.ts';
import { createAzureClients } from './clients.ts';
import { createAzureExecutor } from './executor/create-executor.ts';
import { createAzureReader } from './reader/create-reader.ts';

/** Azure under the read-only identity, or under the executor's of each subscription. Null when it is not configured. */
export function createAzureCloud({
  config,
  secrets,
  role,
}: {
  readonly config: Pick<Config, 'azure'>;
  readonly secrets: SecretsPort;
  readonly role: 'read' | 'execute';
}): Cloud | null {
  if (!config.azure) return null;
  const clients = createAzureClients({ config: config.azure, secrets, role });
  return {
    reader: createAzureReader({ clients }),
    utilisation: createAzureMonitor({ clients }),
    executor: (waits) => createAzureExecutor({ clients, waits }),
  };
}
