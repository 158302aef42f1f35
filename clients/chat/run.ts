import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { createDirectory } from '../../providers/directory/directory.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { loadPolicy, openAudit, openStore } from '../../compose/records.ts';
import { createDeliver } from '../../decisions/deliver.ts';
import { signerOf, verifierFrom } from '../../compose/signing.ts';
import { connectTemporal } from '../../compose/temporal.ts';
import type { ChatApp, ChatAppDeps } from './deps.ts';

/** Runs a chat app until SIGTERM or SIGINT. Prints `ready <name>` when it listens. */
export async function runChatApp(
  channel: 'slack' | 'teams',
  create: (config: Config, deps: ChatAppDeps) => Promise<ChatApp>,
): Promise<void> {
  const name = `${channel}-app`;
  try {
    const config = await loadConfig();
    const secrets = createSecrets({ config });
    const policy = await loadPolicy();
    const store = await openStore(config, secrets);
    const audit = await openAudit(config, secrets);
    const client = await connectTemporal(config.temporal, secrets);
    const directory = createDirectory(config.directory);
    const signer = await signerOf(channel, config, secrets);
    const verifier = verifierFrom(config);
    const deliver = createDeliver(client);
    const app = await create(config, { secrets, store, audit, policy, directory, deliver, signer, verifier });
    await app.start();
    process.stdout.write(`ready ${name}\n`);
    const stop = async () => {
      await app.stop();
      await client.connection.close();
      await store.close();
      await audit.close();
      await secrets.close();
      process.exit(0);
    };
    process.on('SIGTERM', () => void stop());
    process.on('SIGINT', () => void stop());
  } catch (error) {
    process.stderr.write(`${name} ended: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
