import { Runtime } from '@temporalio/worker';
import { loadConfig } from '../config/load.ts';
import { createSecrets } from '../providers/secrets/create-secrets.ts';
import type { Secrets } from '../ports/secrets.ts';
import { ACTIVITIES_OF } from './roles.ts';
import { secretsFor } from './secret-references.ts';
import { createWorker } from './create-worker.ts';
import { WORKER_ROLES, type WorkerRole } from '../compose/task-queues.ts';

/** `node workers/main.ts <role>`: one worker of one role, until SIGTERM or SIGINT. Prints `ready <role>` when it polls. */
const role = process.argv[2] as WorkerRole;
if (!WORKER_ROLES.includes(role)) {
  process.stderr.write(`usage: workers/main.ts <${WORKER_ROLES.join('|')}>, found "${role ?? ''}"\n`);
  process.exit(2);
}
/** Set as soon as there are any: what was leased is given back however this process ends. */
let store: Secrets | undefined;
try {
  Runtime.install({
    telemetryOptions: { logging: { forward: {}, filter: 'WARN' } },
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  });
  const config = await loadConfig();
  store = createSecrets({ config });
  const secrets = secretsFor(role, config, store);
  const activities = await ACTIVITIES_OF[role]({ config, secrets });
  const worker = await createWorker({ config, secrets, role, activities });
  process.stdout.write(`ready ${role}\n`);
  await worker.run();
  await store.close();
  process.exit(0);
} catch (error) {
  process.stderr.write(`worker ${role} ended: ${(error as Error).stack ?? error}\n`);
  await store?.close();
  process.exit(1);
}
