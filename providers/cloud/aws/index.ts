import type { SecretsPort } from '../../../ports/secrets.ts';
import { createCloudWatch } from '../../utilisation/cloudwatch/index.ts';
import type { Aws, AwsAccount } from './section.ts';
import type { Cloud } from '../../../ports/cloud.ts';
import { createAwsClients } from './clients.ts';
import { createAwsExecutor } from './executor/create-executor.ts';
import { createAwsReader } from './reader/create-reader.ts';

/** AWS under the read-only identity, or under the executor's. */
export function createAwsCloud({
  config,
  accounts,
  secrets,
  role,
}: {
  readonly config: Aws;
  readonly accounts: readonly AwsAccount[];
  readonly secrets: SecretsPort;
  readonly role: 'read' | 'execute';
}): Cloud {
  const clients = createAwsClients({
    config,
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
