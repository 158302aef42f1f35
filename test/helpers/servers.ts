import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../sandbox/servers/ports.ts';
import type { Log } from '../../sandbox/servers/resolution.ts';
import { startMongoServer } from '../../sandbox/servers/start-mongo.ts';
import { startMotoServer } from '../../sandbox/servers/start-moto.ts';
import type { ManagedProcess } from '../../sandbox/servers/start-process.ts';
import { startTemporalServer } from '../../sandbox/servers/start-temporal.ts';

export { freePort };

/** Where each server came from is shown only when asked for: IDLEWISE_TEST_LOG=1. */
const log: Log = (line) => {
  if (process.env.IDLEWISE_TEST_LOG) console.error(line);
};

/** A real MongoDB (or its stand-in) with an empty data folder of its own. `process` is null for a configured server. */
export async function startMongo(
  options: { port?: number; dataDir?: string } = {},
): Promise<{ uri: string; process: ManagedProcess | null; stop(): Promise<void> }> {
  const folder = await temporaryFolder('mongo');
  const dataDir = options.dataDir ?? join(folder, 'data');
  const server = await startMongoServer({ log, logDir: folder, dataDir, ...(options.port && { port: options.port }) });
  return { uri: server.uri, process: server.process, stop: () => stopAndRemove(server.process, folder) };
}

/** moto with nothing in it. */
export async function startMoto(
  options: { port?: number; env?: Record<string, string> } = {},
): Promise<{ url: string; process: ManagedProcess; stop(): Promise<void> }> {
  const folder = await temporaryFolder('moto');
  const server = await startMotoServer({ log, logDir: folder, ...options });
  return { ...server, stop: () => stopAndRemove(server.process, folder) };
}

/** The Temporal development server with our search attributes; in memory and without Web UI unless asked for. */
export async function startTemporal(
  options: { port?: number; dbFile?: string; ui?: boolean; dynamicConfig?: Record<string, string> } = {},
): Promise<{ address: string; uiUrl: string | null; process: ManagedProcess | null; stop(): Promise<void> }> {
  const folder = await temporaryFolder('temporal');
  const { ui, ...rest } = options;
  const server = await startTemporalServer({ log, logDir: folder, ...rest, ...(!ui && { uiPort: null }) });
  return { ...server, stop: () => stopAndRemove(server.process, folder) };
}

async function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `idlewise-${name}-`));
}

async function stopAndRemove(process: ManagedProcess | null, folder: string): Promise<void> {
  // Its data is thrown away with the folder, so there is nothing to shut down in order.
  await process?.kill();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
