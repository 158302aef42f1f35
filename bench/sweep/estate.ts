import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PART_NAMES, type PartName, partUrls, type SandboxUrls } from '../../sandbox/parts.ts';
import { type SandboxSecrets, sandboxSecrets } from '../../sandbox/secrets.ts';
import { freePort } from '../../sandbox/servers/ports.ts';
import { startMongoServer } from '../../sandbox/servers/start-mongo.ts';
import { startMotoServer } from '../../sandbox/servers/start-moto.ts';
import { type ManagedProcess, startProcess } from '../../sandbox/servers/start-process.ts';
import type { SandboxSettings } from '../../sandbox/settings.ts';
import { DEFAULT_STACK, partsOf, type StackChoice, stackOf } from '../../sandbox/stacks.ts';
import { START_WAITS } from '../../sandbox/waits.ts';
import { writeSandboxConfig } from '../../sandbox/write-config.ts';
import type { BenchContext } from '../types.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ScaleEstate {
  readonly urls: SandboxUrls;
  readonly configFile: string;
  readonly mongoKind: string;
  /** Creating the instances in moto, through the endpoint. */
  readonly seedingMs: number;
  /** From now on every vendor's endpoint answers so much later. */
  delay(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** MongoDB, moto and the vendors' endpoint, each in its own process, holding so many instances; no Temporal, no workers. */
export async function startScaleEstate(context: BenchContext, instances: number): Promise<ScaleEstate> {
  const { folder, log, env } = context;
  const processes: ManagedProcess[] = [];
  const stop = async () => {
    for (const managed of processes.reverse()) await managed.stop();
  };
  try {
    const logDir = join(folder, 'logs');
    const mongo = await startMongoServer({ log, logDir, dataDir: join(folder, 'mongodb') });
    if (mongo.process) processes.push(mongo.process);
    const moto = await startMotoServer({ log, logDir });
    processes.push(moto.process);
    const ports = await freePorts();
    const urls = partUrls(ports);
    const secrets = await sandboxSecrets(folder, urls);
    const choice = stackOf(DEFAULT_STACK);
    const settings = await settingsOf(folder, instances, { motoUrl: moto.url, ports, secrets, choice });
    const file = join(folder, 'settings.json');
    await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
    const before = performance.now();
    const logFile = join(logDir, 'estate.log');
    processes.push(
      await startProcess({
        name: 'estate',
        command: process.execPath,
        args: ['--disable-warning=ExperimentalWarning', 'sandbox/main.ts', file],
        cwd: root,
        env,
        logFile,
        ready: async () => /^ready /m.test(await readFile(logFile, 'utf8')),
        readyTimeout: 600_000,
      }),
    );
    const configFile = await writeSandboxConfig({
      stateDir: folder,
      temporal: { address: '127.0.0.1:1', uiUrl: null },
      mongoUri: mongo.uri,
      urls,
      secrets,
      stack: choice,
      chatAppPort: 1,
      waits: START_WAITS,
      // The largest page the inventory offers fills the metric calls best; the sandbox's own pages are smaller.
      tune: (config) => {
        config.sweep = { pageSize: 500, schedule: {} };
      },
    });
    const seedingMs = performance.now() - before;
    return { urls, configFile, mongoKind: mongo.kind, seedingMs, delay: (ms) => delay(urls, ms), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function delay(urls: SandboxUrls, ms: number): Promise<void> {
  for (const url of [urls.aws, urls.wiz, urls.servicenow]) {
    await fetch(`${url}/__sim/faults`, { method: 'DELETE' });
    if (ms === 0) continue;
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/__sim/faults`, { method: 'POST', headers, body: JSON.stringify({ kind: 'latency', ms }) });
  }
}

async function freePorts(): Promise<Record<PartName, number>> {
  const ports = {} as Record<PartName, number>;
  for (const name of PART_NAMES) ports[name] = await freePort();
  return ports;
}

async function settingsOf(
  folder: string,
  instances: number,
  made: { motoUrl: string; ports: Record<PartName, number>; secrets: SandboxSecrets; choice: StackChoice },
): Promise<SandboxSettings> {
  const stateDir = join(folder, 'estate');
  await mkdir(stateDir, { recursive: true });
  return {
    stateDir,
    motoUrl: made.motoUrl,
    seed: 1,
    clouds: [...made.choice.clouds],
    parts: [...partsOf(made.choice)],
    canaries: false,
    scale: { instances, idleShare: 0.15 },
    ports: made.ports,
    chatAppUrl: 'http://127.0.0.1:1',
    secrets: { ...made.secrets.values },
  };
}
