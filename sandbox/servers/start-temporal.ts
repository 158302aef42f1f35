import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { freePort } from './ports.ts';
import type { Log } from './resolution.ts';
import { resolveTemporal } from './resolve-temporal.ts';
import { type ManagedProcess, startProcess } from './start-process.ts';

/** What the Temporal UI can be filtered by. A namespace has ten Keyword columns and three of each other type. */
export const SEARCH_ATTRIBUTES = {
  tenant: 'Keyword',
  account: 'Keyword',
  assetType: 'Keyword',
  environment: 'Keyword',
  stage: 'Keyword',
  riskLevel: 'Keyword',
  ownerTeam: 'Keyword',
  ticketId: 'Keyword',
  monthlySavings: 'Double',
  decisionDueAt: 'Datetime',
} as const;

export interface TemporalOptions {
  readonly logDir: string;
  readonly log: Log;
  /** Kept across restarts; leave out for a server in memory. */
  readonly dbFile?: string;
  /** @default a free one */
  readonly port?: number;
  /** @default a free one; null: no Web UI */
  readonly uiPort?: number | null;
  readonly dynamicConfig?: Readonly<Record<string, string>>;
}

export interface RunningTemporal {
  readonly address: string;
  /** Null when there is no Web UI, or the server was configured. */
  readonly uiUrl: string | null;
  /** Null when the server was configured and is not ours to stop. */
  readonly process: ManagedProcess | null;
}

/** The real development server on loopback with our search attributes registered; or the configured one. */
export async function startTemporalServer(options: TemporalOptions): Promise<RunningTemporal> {
  const target = await resolveTemporal(options.log);
  if (target.kind === 'address') return { address: target.address, uiUrl: null, process: null };
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort === null ? null : (options.uiPort ?? (await freePort()));
  if (options.dbFile) await mkdir(dirname(options.dbFile), { recursive: true });
  const address = `127.0.0.1:${port}`;
  const process = await startProcess({
    name: 'Temporal',
    command: target.path,
    args: serverArgs(options, port, uiPort),
    logFile: join(options.logDir, 'temporal.log'),
    ready: () => isReady(address),
    readyTimeout: 60_000,
  });
  return { address, uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}`, process };
}

function serverArgs(options: TemporalOptions, port: number, uiPort: number | null): string[] {
  const dynamic = { 'system.forceSearchAttributesCacheRefreshOnRead': 'true', ...options.dynamicConfig };
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--log-level',
    'warn',
    ...(uiPort === null ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
    // Write-ahead logging is five times faster than the default, and `synchronous=1` is safe with it.
    ...(options.dbFile
      ? ['--db-filename', options.dbFile, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1']
      : []),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...Object.entries(dynamic).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ];
}

/** The port answers before the namespace and its search attributes exist, so all three are asked for. */
async function isReady(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    return Object.keys(SEARCH_ATTRIBUTES).every((name) => name in (known.customAttributes ?? {}));
  } finally {
    await connection.close();
  }
}
