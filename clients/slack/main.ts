import { loadConfig } from '../../config/load.ts';
import { createDirectory } from '../../providers/directory/directory.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { loadPolicy, openAudit, openStore } from '../../workers/compose/records.ts';
import { createDecide } from '../decide.ts';
import { connectTemporal } from '../temporal.ts';
import { createSlackApp } from './app.ts';

/** The Slack app's process: until SIGTERM or SIGINT. Prints `ready slack-app` when it listens. */
try {
  const config = await loadConfig();
  const secrets = createSecrets({ config });
  const policy = await loadPolicy();
  const store = await openStore(config, secrets);
  const audit = await openAudit(config, secrets);
  const client = await connectTemporal(config.temporal, secrets);
  const app = await createSlackApp({
    config: config.slack,
    secrets,
    store,
    audit,
    policy,
    directory: createDirectory(config.directory),
    decide: createDecide(client),
  });
  await app.start(config.slack.port);
  process.stdout.write('ready slack-app\n');
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
  process.stderr.write(`Slack app ended: ${(error as Error).message}\n`);
  process.exit(1);
}
