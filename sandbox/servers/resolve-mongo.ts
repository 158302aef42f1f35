import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';
import { DEFAULT_VERSION } from 'mongodb-memory-server-core/lib/util/resolveConfig.js';
import { toolFolder } from './cache.ts';
import { probe } from './download.ts';
import { withLock } from './lock.ts';
import { pythonVenv } from './python-venv.ts';
import { type Log, resolveFirst, type Step, type StepResult } from './resolution.ts';
import { findOnPath, isExecutable, versionOf } from './run-command.ts';

/** A server that runs already, a real mongod, or its stand-in. */
export type MongoTarget =
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'mongod'; readonly path: string }
  | { readonly kind: 'secantus'; readonly path: string };

type Found = StepResult<MongoTarget>;

/**
 * Configured uri → `mongod` on PATH → cache → download → SecantusDB in the private Python environment.
 * @throws Error naming all that was tried, and the fix.
 */
export async function resolveMongo(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<MongoTarget> {
  const folder = await toolFolder('mongod', DEFAULT_VERSION, env);
  const steps: Step<MongoTarget>[] = [
    { name: 'IDLEWISE_MONGODB_URI', attempt: async () => configured(env) },
    { name: 'mongod on PATH', attempt: async () => mongod(await findOnPath('mongod', env), 'not there') },
    { name: `cache ${folder}`, attempt: () => fromCache(folder) },
    { name: `download ${DEFAULT_VERSION}`, attempt: () => fromDownload(folder, env) },
    { name: 'SecantusDB from PyPI, a stand-in', attempt: () => fromPython(log, env) },
  ];
  return resolveFirst({
    what: 'MongoDB',
    steps,
    log,
    fix: 'install MongoDB (https://www.mongodb.com/docs/manual/installation/), or Python 3.10 or newer, or set IDLEWISE_MONGODB_URI to a running server.',
  });
}

function configured(env: NodeJS.ProcessEnv): Found {
  const uri = env.IDLEWISE_MONGODB_URI;
  if (!uri) return { no: 'not set' };
  if (!/^mongodb(\+srv)?:\/\//.test(uri)) return { no: 'is set, but does not begin with mongodb:// or mongodb+srv://' };
  // The uri may hold a password: it is never printed.
  return { found: { kind: 'uri', uri }, note: 'set' };
}

async function mongod(path: string | null, missing: string): Promise<Found> {
  if (path === null) return { no: missing };
  return { found: { kind: 'mongod', path }, note: `${path} (${await versionOf(path)})` };
}

async function fromCache(folder: string): Promise<Found> {
  const names = await readdir(folder);
  for (const name of names.filter((n) => n.startsWith('mongod-') && n.includes(DEFAULT_VERSION)))
    if (await isExecutable(join(folder, name))) return mongod(join(folder, name), 'empty');
  return { no: 'empty' };
}

async function fromDownload(folder: string, env: NodeJS.ProcessEnv): Promise<Found> {
  const mirror = env.MONGOMS_DOWNLOAD_MIRROR ?? 'https://fastdl.mongodb.org';
  if (env.IDLEWISE_MONGOD_DOWNLOAD === 'off') return { no: 'switched off by IDLEWISE_MONGOD_DOWNLOAD' };
  // The downloader itself waits and retries for long; a machine without network must not.
  await probe(mirror);
  return withLock(join(folder, 'build.lock'), async () => {
    const there = await fromCache(folder);
    if ('found' in there) return there;
    return mongod(await MongoBinary.getPath({ version: DEFAULT_VERSION, downloadDir: folder }), 'nothing came');
  });
}

async function fromPython(log: Log, env: NodeJS.ProcessEnv): Promise<Found> {
  const { secantusd } = await pythonVenv(log, env);
  return { found: { kind: 'secantus', path: secantusd }, note: secantusd };
}
