import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { type Stack, startStack } from '../../sandbox/stack.ts';
import { DEMO_WAITS, START_WAITS } from '../../sandbox/waits.ts';
import { openStore } from '../../workers/compose/records.ts';
import { registerAuditSchedule, registerSweepSchedule, startSweep } from '../schedules.ts';
import { connectTemporal } from '../temporal.ts';
import { runDemo } from './demo.ts';
import { readStartOptions, USAGE } from './options.ts';
import { watchSummary } from './summary.ts';

/** `npm start`: the embedded estate, the workers, the Slack app, the schedule and a first sweep, until Ctrl-C. */
const started = Date.now();
const say = (line: string) => process.stdout.write(`${line}\n`);
let stack: Stack | null = null;
let stopping = false;

async function shutDown(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    await stack?.stop();
  }
  process.exit(code);
}

try {
  const options = readStartOptions(process.argv.slice(2), process.cwd());
  if (options.help) {
    say(USAGE);
    process.exit(0);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      say('\nstopping …');
      void shutDown(signal === 'SIGINT' ? 130 : 143);
    });
  stack = await startStack({
    stateDir: options.stateDir,
    fresh: options.fresh,
    waits: options.demo ? DEMO_WAITS : START_WAITS,
    log: say,
    env: process.env,
  });
  const { config, urls } = stack;
  for (const [name, managed] of stack.processes)
    managed.onDeath((exit) => {
      if (!stopping && !options.demo) say(`${name} ended (${exit.code ?? exit.signal}); see ${managed.logFile}`);
    });
  const secrets = createSecrets();
  const client = await connectTemporal(config.temporal, secrets);
  const store = await openStore(config, secrets);
  await registerSweepSchedule(client, config);
  await registerAuditSchedule(client, config);
  const sweepId = await startSweep(client, config);
  say(
    [
      '',
      `Idlewise is up after ${((Date.now() - started) / 1000).toFixed(1)} s. Open:`,
      `  Temporal UI     ${urls.temporalUi ?? config.temporal.address}`,
      `  Slack channel   ${urls.slack}/`,
      `  ServiceNow      ${urls.servicenow}/`,
      `  Configuration   ${stack.configFile}`,
      '  On the command line: npx idlewise list',
      '',
    ].join('\n'),
  );
  if (options.demo) {
    const code = await runDemo({ stack, client, store, sweepId, reportFile: options.report, say });
    await client.connection.close();
    await store.close();
    await shutDown(code);
  }
  await watchSummary({ store, sweepId, say });
} catch (error) {
  process.stderr.write(`npm start failed: ${(error as Error).message}\n`);
  await shutDown(1);
}
