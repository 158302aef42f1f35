import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { toolFolder } from './cache.ts';
import { download } from './download.ts';
import { withLock } from './lock.ts';
import { type Log, resolveFirst, type Step, type StepResult } from './resolution.ts';
import { findOnPath, isExecutable, runCommand, versionOf } from './run-command.ts';

/** The newest version of the Temporal CLI that `go install` accepts; its module has replace directives later. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

/** A server that runs already, or a CLI with which to start the development server. */
export type TemporalTarget =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'binary'; readonly path: string };

type Found = StepResult<TemporalTarget>;

/**
 * Configured address → `temporal` on PATH → cache → download → build with Go.
 * @throws Error naming all that was tried, and the fix.
 */
export async function resolveTemporal(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<TemporalTarget> {
  const folder = await toolFolder('temporal', TEMPORAL_CLI_VERSION, env);
  const cached = join(folder, 'temporal');
  const steps: Step<TemporalTarget>[] = [
    { name: 'IDLEWISE_TEMPORAL_ADDRESS', attempt: async () => configured(env) },
    { name: 'temporal on PATH', attempt: async () => binary(await findOnPath('temporal', env), 'not there') },
    { name: `cache ${cached}`, attempt: () => fromCache(cached) },
    {
      name: `download ${TEMPORAL_CLI_VERSION}`,
      attempt: () => locked(folder, cached, () => fromDownload(folder, env)),
    },
    {
      name: `go install github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`,
      announce: 'takes about three minutes, once',
      attempt: () => locked(folder, cached, () => fromGo(folder, env)),
    },
  ];
  return resolveFirst({
    what: 'Temporal',
    steps,
    log,
    fix: 'install the Temporal CLI (https://docs.temporal.io/cli), or Go 1.24 or newer, or set IDLEWISE_TEMPORAL_ADDRESS to a running server such as 127.0.0.1:7233.',
  });
}

function configured(env: NodeJS.ProcessEnv): Found {
  const address = env.IDLEWISE_TEMPORAL_ADDRESS;
  if (!address) return { no: 'not set' };
  if (!/^[^\s/]+:\d+$/.test(address)) return { no: `"${address}" is not host:port` };
  return { found: { kind: 'address', address }, note: address };
}

async function binary(path: string | null, missing: string): Promise<Found> {
  if (path === null) return { no: missing };
  return { found: { kind: 'binary', path }, note: `${path} (${await versionOf(path)})` };
}

async function fromCache(cached: string): Promise<Found> {
  return binary((await isExecutable(cached)) ? cached : null, 'empty');
}

/** Another process may have filled the cache while this one waited for the lock. */
async function locked(folder: string, cached: string, make: () => Promise<Found>): Promise<Found> {
  return withLock(join(folder, 'build.lock'), async () => {
    const there = await fromCache(cached).catch(() => ({ no: 'broken' }));
    return 'found' in there ? there : make();
  });
}

async function fromDownload(folder: string, env: NodeJS.ProcessEnv): Promise<Found> {
  const base = env.IDLEWISE_TEMPORAL_DOWNLOAD ?? 'https://temporal.download/cli/archive';
  if (base === 'off') return { no: 'switched off by IDLEWISE_TEMPORAL_DOWNLOAD' };
  const os = { linux: 'linux', darwin: 'darwin' }[platform() as 'linux'];
  const cpu = { x64: 'amd64', arm64: 'arm64' }[arch() as 'x64'];
  if (!os || !cpu) return { no: `no archive for ${platform()} on ${arch()}` };
  return inScratch(folder, async (scratch) => {
    const archive = join(scratch, 'temporal.tar.gz');
    await download({ url: `${base}/v${TEMPORAL_CLI_VERSION}?platform=${os}&arch=${cpu}`, file: archive });
    await runCommand('tar', ['-xzf', archive, '-C', scratch], { timeout: 60_000 });
    return join(scratch, 'temporal');
  });
}

async function fromGo(folder: string, env: NodeJS.ProcessEnv): Promise<Found> {
  const go = await findOnPath('go', env);
  if (!go) return { no: 'go is not on PATH' };
  return inScratch(folder, async (scratch) => {
    const module = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;
    // Without cgo no C compiler is needed: the SQLite it embeds is pure Go.
    await runCommand(go, ['install', module], {
      env: { ...env, GOBIN: scratch, CGO_ENABLED: '0' },
      cwd: scratch,
      timeout: 1_200_000,
    });
    return join(scratch, 'temporal');
  });
}

/** Only a binary that ran is moved into its place, so that a broken one is never found in the cache. */
async function inScratch(folder: string, make: (scratch: string) => Promise<string>): Promise<Found> {
  const scratch = await mkdtemp(join(folder, 'making-'));
  try {
    const made = await make(scratch);
    await chmod(made, 0o755);
    await versionOf(made);
    await rename(made, join(folder, 'temporal'));
    return await fromCache(join(folder, 'temporal'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
