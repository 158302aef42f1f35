import { resolve } from 'node:path';
import { EMBEDDED_CONFIG } from '../../config/load.ts';
import { createSecrets } from '../../providers/secrets/create-secrets.ts';
import { type Stack, startStack } from '../../sandbox/stack.ts';
import { stackOf } from '../../sandbox/stacks.ts';
import { BIG_DEMO_WAITS, DEMO_WAITS, START_WAITS, stretched } from '../../sandbox/waits.ts';
import { openStore } from '../../compose/records.ts';
import { registerAuditSchedule, registerSweepSchedule, registerTelemetrySchedule, startSweep } from '../schedules.ts';
import { connectTemporal } from '../../compose/temporal.ts';
import type { ManagedProcess } from '../../sandbox/servers/start-process.ts';
import { WORKER_ROLES } from '../../compose/task-queues.ts';
import { runDemo } from './demo.ts';
import { keepAlive } from './keep-alive.ts';
import { BadOption, readStartOptions, type StartOptions, USAGE } from './options.ts';
import { holdState } from './state-lock.ts';
import { watchSummary } from './summary.ts';

/** `npm start`: the embedded estate, the workers, the Slack app, the schedule and a first sweep, until Ctrl-C. */
const started = Date.now();
const say = (line: string) => process.stdout.write(`${line}\n`);
/** Set from the first server on: what is half up is stopped in order, too. */
let starting: Promise<Stack> | null = null;
let stopping = false;
/** A signal may arrive twice, from the terminal and passed on by npm; only a later one is a person's second. */
const IMPATIENT_AFTER_MS = 1000;
let stoppingSince = 0;

async function shutDown(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    stoppingSince = Date.now();
    const stack = await starting?.catch(() => null);
    await stack?.stop();
  }
  process.exit(code);
}

try {
  const options = readStartOptions(process.argv.slice(2), process.cwd());
  if (options.verbose) process.env['IDLEWISE_VERBOSE'] = '1';
  if (options.help) {
    say(USAGE);
    process.exit(0);
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // What was started cannot outlive this process, so that impatience leaves nothing behind either.
      if (stopping && Date.now() - stoppingSince > IMPATIENT_AFTER_MS) process.exit(130);
      if (stopping) return;
      say('\nstopping … (Ctrl-C again: at once)');
      void shutDown(signal === 'SIGINT' ? 130 : 143);
    });
  holdState(options.stateDir);
  starting = startStack({
    stateDir: options.stateDir,
    fresh: options.fresh,
    waits: waitsFor(options),
    log: say,
    stack: options.stack,
    env: process.env,
  });
  const stack = await starting;
  if (stopping) await new Promise(() => undefined);
  const { config, urls } = stack;
  keepUp(stack);
  const secrets = createSecrets();
  const client = await connectTemporal(config.temporal, secrets);
  const store = await openStore(config, secrets);
  await registerSweepSchedule(client, config);
  await registerAuditSchedule(client, config);
  await registerTelemetrySchedule(client, config);
  const sweepId = await startSweep(client, config, 'service:start');
  say(
    [
      '',
      `Idlewise is up after ${((Date.now() - started) / 1000).toFixed(1)} s. Open:`,
      ...placesToLook(stack, options.demo),
      `  Temporal UI     ${urls.temporalUi ?? config.temporal.address}   one run per asset`,
      '',
      `Configuration: ${stack.configFile}`,
      `On the command line: npx idlewise list${configHint(stack.configFile)}`,
      'Ctrl-C stops everything; the state is kept for the next start.',
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
  // What fails because we are stopping is no news, and must not cut the stopping short.
  if (stopping) await new Promise(() => undefined);
  const bad = error instanceof BadOption;
  process.stderr.write(
    bad ? `npm start: ${error.message}\n\n${USAGE}\n` : `npm start failed: ${(error as Error).message}\n`,
  );
  await shutDown(bad ? 2 : 1);
}

/** What is ours is started again when it dies; a server or the estate keeps state that only a new start puts in order. */
function keepUp(stack: Stack): void {
  const ours = new Map<string, () => Promise<ManagedProcess>>([
    ...WORKER_ROLES.map((role) => [role, () => stack.startWorker(role)] as const),
    ['chat-app', () => stack.startChatApp()],
  ]);
  for (const [name, managed] of stack.processes) {
    const start = ours.get(name);
    if (start) keepAlive(managed, { name, start, say, stopping: () => stopping });
    else
      managed.onDeath((exit) => {
        if (!stopping)
          say(
            `${name} ended (${exit.code ?? exit.signal}): stop with Ctrl-C and start again; its log: ${managed.logFile}`,
          );
      });
  }
}

/** Where a person sees what happens: the channel and the tickets of this stack. */
function placesToLook({ urls, choice }: Stack, demo: boolean): readonly string[] {
  const how = demo ? 'the approver presses by itself' : 'press "Secure stop" on a message';
  const title = (name: string) => (name === 'servicenow' ? 'ServiceNow' : name.charAt(0).toUpperCase() + name.slice(1));
  return [
    `  ${`${title(choice.chat)} channel`.padEnd(16)}${urls[choice.chat]}/   ${how}`,
    `  ${title(choice.tickets).padEnd(16)}${urls[choice.tickets]}/   the change requests`,
  ];
}

/** The command line finds the configuration of the default folder by itself. */
function configHint(configFile: string): string {
  return resolve(EMBEDDED_CONFIG) === configFile ? '' : ` --config ${configFile}`;
}

function waitsFor({ demo, stack }: StartOptions) {
  if (!demo) return START_WAITS;
  const waits = stackOf(stack).cnapp.length > 1 ? BIG_DEMO_WAITS : DEMO_WAITS;
  return (estateMs: number) => stretched(waits, estateMs);
}
