import { serve } from '@hono/node-server';
import { loadConfig } from '../../config/load.ts';
import { ticketsFrom } from '../../compose/registry.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { openAudit, openStore } from '../../compose/records.ts';
import { connectTemporal } from '../../compose/temporal.ts';
import { createHttpApp } from './app.ts';
import { createWakeTicket } from './wake-ticket.ts';

/** `node clients/http/main.ts`: what other systems call, until SIGTERM or SIGINT. Prints `ready http-app` when it listens. */
try {
  const config = await loadConfig();
  const secrets = createSecrets({ config });
  const store = await openStore(config, secrets);
  const audit = await openAudit(config, secrets);
  const client = await connectTemporal(config.temporal, secrets);
  const wakeTicket = createWakeTicket({ store, client, tickets: await ticketsFrom({ config, secrets }) });
  const app = createHttpApp({ config, secrets, audit, wakeTicket, cache: store.cache });
  const server = serve({ fetch: app.fetch, port: config.http.port, hostname: config.http.host }, () =>
    process.stdout.write('ready http-app\n'),
  );
  const stop = async () => {
    server.close();
    await client.connection.close();
    await store.close();
    await audit.close();
    await secrets.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
} catch (error) {
  process.stderr.write(`http-app ended: ${(error as Error).message}\n`);
  process.exit(1);
}
