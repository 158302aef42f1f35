import type { Config } from '../../../config/schema.ts';
import type { SecretsPort } from '../../../ports/secrets.ts';
import { createCloudWatch } from '../../utilisation/cloudwatch/index.ts';
import type { Cloud } from '../../../ports/cloud.ts';
import { createAwsClients } from './clients.ts';
import { createAwsExecutor } from './executor/create-executor.ts';
import { createAwsReader } from './reader/create-reader.ts';

/** AWS under the read-only identity, or under the executor's. */
export function createAwsCloud({
  config,
  secrets,
  role,
}: {
  readonly config: Config;
  readonly secrets: SecretsPort;
  readonly role: 'read' | 'execute';
}): Cloud {
  const { accounts } = config;
  const clients = createAwsClients({
    config: config.aws,
    accounts,
    secrets,
    role: role === 'read' ? 'read' : 'reversible',
  });
  return {
    reader: createAwsReader({ clients, accounts }),
    utilisation: createCloudWatch({ clients, accounts }),
    executor: (waits) => createAwsExecutor({ clients, waits }),
  };
}
