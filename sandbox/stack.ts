import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { WORKER_ROLES, type WorkerRole } from '../compose/task-queues.ts';
import { PART_NAMES, PARTS, type PartName, partUrls, type SandboxUrls } from './parts.ts';
import { type SandboxSecrets, sandboxSecrets } from './secrets.ts';
import { freePort, isListening } from './servers/ports.ts';
import type { Log } from './servers/resolution.ts';
import { startMongoServer } from './servers/start-mongo.ts';
import { startMotoServer } from './servers/start-moto.ts';
import { type ManagedProcess, startProcess } from './servers/start-process.ts';
import { startTemporalServer } from './servers/start-temporal.ts';
import type { SandboxSettings } from './settings.ts';
import { DEFAULT_STACK, partsOf, type StackChoice, stackOf } from './stacks.ts';
import { type SandboxConfigInput, writeSandboxConfig } from './write-config.ts';

export interface StackOptions {
  readonly stateDir: string;
  /** Throws away what an earlier run left there. */
  readonly fresh: boolean;
  /** Fixed, or made from how long the estate took to build, in milliseconds: how fast this machine is just now. */
  readonly waits: SandboxConfigInput['waits'] | ((estateMs: number) => SandboxConfigInput['waits']);
  readonly log: Log;
  /** Environment of the processes it starts. */
  readonly env: NodeJS.ProcessEnv;
  readonly seed?: number;
  /** Names of the seeded assets to keep. @default all */
  readonly assets?: readonly string[];
  /** With the asset whose words tests look for where they must not be. @default false */
  readonly canaries?: boolean;
  /** So many like instances instead of the labelled estate: for benches. */
  readonly scale?: SandboxSettings['scale'];
  /** `free`: ports nobody else would pick, for stacks beside another one. @default 'preferred' */
  readonly ports?: 'preferred' | 'free';
  /** Whose products the estate has; see sandbox/stacks.ts. @default DEFAULT_STACK */
  readonly stack?: string;
  /** Changes the configuration before anything reads it. */
  readonly tune?: SandboxConfigInput['tune'];
}

export interface Stack {
  readonly config: Config;
  readonly configFile: string;
  readonly choice: StackChoice;
  readonly urls: SandboxUrls & { temporalUi: string | null; chatApp: string };
  /** By name: `temporal`, `mongodb`, `moto`, `estate`, `chat-app` and the worker roles. */
  readonly processes: Map<string, ManagedProcess>;
  startWorker(role: WorkerRole): Promise<ManagedProcess>;
  /** Again, after it was ended, where it was and with what it had. */
  startServer(name: 'temporal' | 'mongodb'): Promise<void>;
  startChatApp(): Promise<ManagedProcess>;
  /** Everything down, in the reverse of the order in which it came up. */
  stop(): Promise<void>;
}

const CHAT_APPS: Readonly<Record<StackChoice['chat'], string>> = {
  slack: 'clients/slack/main.ts',
  teams: 'clients/teams/main.ts',
};
const root = fileURLToPath(new URL('..', import.meta.url));
const SERVERS = { temporal: 7233, temporalUi: 8233, mongodb: 27027, moto: 5055, chatApp: 3000 };
type Ports = Record<keyof typeof SERVERS | PartName, number>;
const PREFERRED: Ports = {
  ...SERVERS,
  ...(Object.fromEntries(PART_NAMES.map((name) => [name, PARTS[name].port])) as Record<PartName, number>),
};

/** Brings up servers, estate, workers and the Slack app; what started before a failure is stopped again. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateDir, log } = options;
  if (options.fresh) await rm(stateDir, { recursive: true, force: true });
  await mkdir(stateDir, { recursive: true });
  const processes = new Map<string, ManagedProcess>();
  const logDir = join(stateDir, 'logs');
  const stop = async () => {
    for (const managed of [...processes.values()].reverse()) await managed.stop();
  };
  try {
    const ports = await stablePorts(stateDir, options.ports ?? 'preferred');
    const keep = (name: string, managed: ManagedProcess | null) => {
      if (managed) processes.set(name, managed);
    };
    const dbFile = join(stateDir, 'temporal.db');
    const startTemporal = async () => {
      const server = await startTemporalServer({ log, logDir, dbFile, port: ports.temporal, uiPort: ports.temporalUi });
      keep('temporal', server.process);
      return server;
    };
    const startMongo = async () => {
      const server = await startMongoServer({ log, logDir, dataDir: join(stateDir, 'mongodb'), port: ports.mongodb });
      keep('mongodb', server.process);
      return server;
    };
    const [temporal, mongo, moto] = await allStarted([
      startTemporal(),
      startMongo(),
      startMotoServer({ log, logDir, port: ports.moto }),
    ]);
    keep('moto', moto.process);

    const urls = { ...partUrls(ports), temporalUi: temporal.uiUrl, chatApp: `http://127.0.0.1:${ports.chatApp}` };
    const choice = stackOf(options.stack ?? DEFAULT_STACK);
    const secrets = await sandboxSecrets(stateDir, urls);
    const settingsFile = await writeSettings(options, { ports, motoUrl: moto.url, secrets, choice });
    const node = (name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      startNode({ name, args, logDir, env: { ...options.env, ...env } });
    const building = Date.now();
    keep('estate', await node('estate', ['sandbox/main.ts', settingsFile]));
    const configFile = await writeSandboxConfig({
      stateDir,
      temporal,
      mongoUri: mongo.uri,
      urls,
      secrets,
      stack: choice,
      chatAppPort: ports.chatApp,
      waits: typeof options.waits === 'function' ? options.waits(Date.now() - building) : options.waits,
      ...(options.tune && { tune: options.tune }),
    });
    const config = await loadConfig(configFile);

    const env = { IDLEWISE_CONFIG: configFile };
    const startWorker = async (role: WorkerRole) => {
      const worker = await node(role, ['workers/main.ts', role], env);
      processes.set(role, worker);
      return worker;
    };
    const startChatApp = async () => {
      const app = await node('chat-app', [CHAT_APPS[choice.chat]], env);
      processes.set('chat-app', app);
      return app;
    };
    const startServer = async (name: 'temporal' | 'mongodb') => {
      await (name === 'temporal' ? startTemporal() : startMongo());
    };
    await allStarted([...WORKER_ROLES.map(startWorker), startChatApp()]);
    return { config, configFile, choice, urls, processes, startWorker, startServer, startChatApp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for all, then fails with the first failure: nothing is left starting behind our back. */
async function allStarted<T extends readonly Promise<unknown>[]>(
  starting: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((s): s is PromiseRejectedResult => s.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((s) => (s as PromiseFulfilledResult<unknown>).value) as { [K in keyof T]: Awaited<T[K]> };
}

/** A process of ours is up when it says `ready` in its log. */
async function startNode(start: {
  name: string;
  args: readonly string[];
  logDir: string;
  env: NodeJS.ProcessEnv;
}): Promise<ManagedProcess> {
  const logFile = join(start.logDir, `${start.name}.log`);
  await mkdir(start.logDir, { recursive: true });
  await writeFile(logFile, '');
  return startProcess({
    name: start.name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', ...start.args],
    cwd: root,
    env: start.env,
    logFile,
    ready: async () => /^ready /m.test(await readFile(logFile, 'utf8')),
    readyTimeout: 90_000,
  });
}

/** The ports of an earlier run when there was one: waiting runs and posted messages hold links to them. */
async function stablePorts(stateDir: string, choice: 'preferred' | 'free'): Promise<Ports> {
  const file = join(stateDir, 'ports.json');
  const kept = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Partial<Ports>) : {};
  const ports = {} as Ports;
  for (const name of Object.keys(PREFERRED) as (keyof Ports)[]) {
    const wanted = kept[name] ?? (choice === 'preferred' ? PREFERRED[name] : null);
    ports[name] = wanted === null || (await isListening(wanted)) ? await freePort() : wanted;
  }
  await writeFile(file, JSON.stringify(ports));
  return ports;
}

async function writeSettings(
  options: StackOptions,
  made: { ports: Ports; motoUrl: string; secrets: SandboxSecrets; choice: StackChoice },
): Promise<string> {
  const { ports, motoUrl, secrets, choice } = made;
  const settings: SandboxSettings = {
    stateDir: join(options.stateDir, 'estate'),
    motoUrl,
    seed: options.seed ?? 7,
    clouds: [...choice.clouds],
    parts: [...partsOf(choice)],
    ...(options.assets && { assets: [...options.assets] }),
    canaries: options.canaries ?? false,
    ...(options.scale && { scale: options.scale }),
    ports: Object.fromEntries(PART_NAMES.map((name) => [name, ports[name]])) as Record<PartName, number>,
    chatAppUrl: `http://127.0.0.1:${ports.chatApp}`,
    secrets: { ...secrets.values },
  };
  await mkdir(settings.stateDir, { recursive: true });
  const file = join(options.stateDir, 'secrets', 'estate-settings.json');
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  return file;
}
