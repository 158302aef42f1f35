import type { Config } from '../../../config/schema.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createCloudMonitoring } from '../../utilisation/cloud-monitoring/index.ts';
import type { Cloud } from '../../../ports/cloud.ts';
import { createGcpClients } from './clients.ts';
import { createGcpExecutor } from './executor/create-executor.ts';
import { createGcpReader } from './reader/create-reader.ts';

/** Google Cloud under the read-only identity, or under the executor's of each project. Null when it is not configured. */
export function createGcpCloud({
  config,
  secrets,
  role,
}: {
  readonly config: Pick<Config, 'gcp'>;
  readonly secrets: SecretsPort;
  readonly role: 'read' | 'execute';
}): Cloud | null {
  if (!config.gcp) return null;
  const clients = createGcpClients({ config: config.gcp, secrets, role });
  return {
    reader: createGcpReader({ clients }),
    utilisation: createCloudMonitoring({ clients }),
    executor: (waits) => createGcpExecutor({ clients, waits }),
  };
}
