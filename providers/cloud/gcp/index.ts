import type { SecretsPort } from '../../../ports/secrets.ts';
import { createCloudMonitoring } from '../../utilisation/cloud-monitoring/index.ts';
import type { Gcp } from './section.ts';
import type { Cloud } from '../../../ports/cloud.ts';
import { createGcpClients } from './clients.ts';
import { createGcpExecutor } from './executor/create-executor.ts';
import { createGcpReader } from './reader/create-reader.ts';

/** Google Cloud under the read-only identity, or under the executor's of each project. */
export function createGcpCloud({
  config,
  secrets,
  role,
}: {
  readonly config: Gcp;
  readonly secrets: SecretsPort;
  readonly role: 'read' | 'execute';
}): Cloud {
  const clients = createGcpClients({ config, secrets, role });
  return {
    reader: createGcpReader({ clients }),
    utilisation: createCloudMonitoring({ clients }),
    executor: (waits) => createGcpExecutor({ clients, waits }),
  };
}
