import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config/schema.ts';
import type { SecretsPort } from '../ports/secrets.ts';

/** @throws Error that names the address when no server answers within ten seconds. */
export async function connectTemporal(config: Config['temporal'], secrets: SecretsPort): Promise<Client> {
  try {
    const connection = await Connection.connect({
      address: config.address,
      connectTimeout: '10s',
      ...(config.tls || config.apiKey ? { tls: true } : {}),
      ...(config.apiKey ? { apiKey: await secrets.resolve(config.apiKey) } : {}),
    });
    return new Client({ connection, namespace: config.namespace });
  } catch (error) {
    throw new Error(
      `no Temporal server at temporal.address ${config.address}: ${(error as Error).message}. Start one, or correct the address`,
      { cause: error },
    );
  }
}
