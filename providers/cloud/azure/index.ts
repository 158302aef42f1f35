import type { SecretsPort } from '../../../ports/secrets.ts';
import { createAzureMonitor } from '../../utilisation/azure-monitor/index.ts';
import type { Azure } from './section.ts';
import type { Cloud } from '../../../ports/cloud.ts';
import { createAzureClients } from './clients.ts';
import { createAzureExecutor } from './executor/create-executor.ts';
import { createAzureReader } from './reader/create-reader.ts';

/** Azure under the read-only identity, or under the executor's of each subscription. */
export function createAzureCloud({
  config,
  secrets,
  role,
}: {
  readonly config: Azure;
  readonly secrets: SecretsPort;
  readonly role: 'read' | 'execute';
}): Cloud {
  const clients = createAzureClients({ config, secrets, role });
  return {
    reader: createAzureReader({ clients }),
    utilisation: createAzureMonitor({ clients }),
    executor: (waits) => createAzureExecutor({ clients, waits }),
  };
}
