import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort } from './ports.ts';
import { initiateReplicaSet, REPLICA_SET } from './replica-set.ts';
import type { Log } from './resolution.ts';
import { resolveMongo } from './resolve-mongo.ts';
import { type ManagedProcess, startProcess } from './start-process.ts';

export interface MongoOptions {
  readonly dataDir: string;
  readonly logDir: string;
  readonly log: Log;
  /** @default a free one */
  readonly port?: number;
}

export interface RunningMongo {
  readonly uri: string;
  readonly kind: 'uri' | 'mongod' | 'secantus';
  /** Null when the server was configured and is not ours to stop. */
  readonly process: ManagedProcess | null;
}

/** A MongoDB server that survives restarts with its data, on loopback without authentication; or the configured one. */
export async function startMongoServer(options: MongoOptions): Promise<RunningMongo> {
  const target = await resolveMongo(options.log);
  if (target.kind === 'uri') return { uri: target.uri, kind: 'uri', process: null };
  const port = options.port ?? (await freePort());
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  await mkdir(options.dataDir, { recursive: true });
  const args = target.kind === 'mongod' ? mongodArgs(options.dataDir, port) : secantusArgs(options.dataDir, port);
  const process = await startProcess({
    name: target.kind === 'mongod' ? 'mongod' : 'SecantusDB',
    command: target.path,
    args,
    // Without a configuration file of its own it would look for one in the current folder.
    cwd: options.dataDir,
    logFile: join(options.logDir, 'mongodb.log'),
    ready: () => answers(uri),
  });
  if (target.kind === 'mongod') await initiateReplicaSet(uri, port);
  return { uri, kind: target.kind, process };
}

function mongodArgs(dataDir: string, port: number): string[] {
  const replica = ['--replSet', REPLICA_SET, '--oplogSize', '128'];
  return ['--dbpath', dataDir, '--port', String(port), '--bind_ip', '127.0.0.1', ...replica, '--quiet'];
}

function secantusArgs(dataDir: string, port: number): string[] {
  const durable = ['--sync-on-commit', '--cache-size', '256M', '--log-level', 'WARNING'];
  return ['--host', '127.0.0.1', '--port', String(port), '--storage-path', join(dataDir, 'secantus'), ...durable];
}

async function answers(uri: string): Promise<boolean> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500, connectTimeoutMS: 500 });
  try {
    await client.db('admin').command({ ping: 1 });
    return true;
  } finally {
    await client.close();
  }
}
