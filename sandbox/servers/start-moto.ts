import { join } from 'node:path';
import { freePort } from './ports.ts';
import { pythonVenv } from './python-venv.ts';
import type { Log } from './resolution.ts';
import { type ManagedProcess, startProcess } from './start-process.ts';

export interface MotoOptions {
  readonly logDir: string;
  readonly log: Log;
  /** @default a free one */
  readonly port?: number;
  /** Extra environment for moto, e.g. INITIAL_NO_AUTH_ACTION_COUNT. */
  readonly env?: Readonly<Record<string, string>>;
}

/** moto in its server mode: EC2, EBS, ELB, STS and IAM over HTTP, all state in memory. */
export async function startMotoServer(options: MotoOptions): Promise<{ url: string; process: ManagedProcess }> {
  const { motoServer } = await pythonVenv(options.log);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const process_ = await startProcess({
    name: 'moto',
    command: motoServer,
    args: ['-H', '127.0.0.1', '-p', String(port)],
    env: { ...process.env, PYTHONUNBUFFERED: '1', ...options.env },
    logFile: join(options.logDir, 'moto.log'),
    ready: async () => (await fetch(`${url}/moto-api/data.json`, { signal: AbortSignal.timeout(2_000) })).ok,
    // Nothing to save: it keeps no state.
    stopTimeout: 1_000,
  });
  return { url, process: process_ };
}
