import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolFolder } from './cache.ts';
import { withLock } from './lock.ts';
import type { Log } from './resolution.ts';
import { findOnPath, isExecutable, runCommand } from './run-command.ts';

/** moto plays AWS; SecantusDB plays MongoDB where there is no mongod. One private environment holds both. */
export const PYTHON_PINS = ['moto[server]==5.2.5', 'SecantusDB==0.7.0b3'] as const;

const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

export interface PythonVenv {
  readonly motoServer: string;
  readonly secantusd: string;
}

/**
 * The private Python environment in the cache, made on first use.
 * @throws Error saying which Python is missing, or what pip answered.
 */
export async function pythonVenv(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<PythonVenv> {
  const folder = await toolFolder('python', PYTHON_PINS.map((pin) => pin.replace(/[^\w.]+/g, '-')).join('_'), env);
  const venv = join(folder, 'venv');
  const tools = { motoServer: join(venv, 'bin', 'moto_server'), secantusd: join(venv, 'bin', 'secantusd-py') };
  if (await isComplete(folder, tools)) return tools;
  return withLock(join(folder, 'build.lock'), async () => {
    if (await isComplete(folder, tools)) return tools;
    const python = await findPython(env);
    log(`Python: installing ${PYTHON_PINS.join(' and ')} with ${python} into ${venv}, once`);
    await rm(venv, { recursive: true, force: true });
    await createVenv(python, venv, env);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...PYTHON_PINS];
    await runCommand(join(venv, 'bin', 'python'), pip, { env, timeout: 900_000 });
    await writeFile(join(folder, 'complete'), PYTHON_PINS.join('\n'));
    return tools;
  });
}

/** The marker is written last, so that an interrupted installation is made again. */
async function isComplete(folder: string, tools: PythonVenv): Promise<boolean> {
  const marker = await readFile(join(folder, 'complete'), 'utf8').catch(() => '');
  return (
    marker === PYTHON_PINS.join('\n') && (await isExecutable(tools.motoServer)) && (await isExecutable(tools.secantusd))
  );
}

/** First Python on PATH that is 3.10 or newer. @throws Error naming what was found instead. */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const seen: string[] = [];
  for (const name of PYTHONS) {
    const path = await findOnPath(name, env);
    if (!path) continue;
    const version = await runCommand(path, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { env }).catch(
      () => '0.0',
    );
    const [major = 0, minor = 0] = version.trim().split('.').map(Number);
    if (major > 3 || (major === 3 && minor >= 10)) return path;
    seen.push(`${path} is ${version.trim()}`);
  }
  const found = seen.length > 0 ? seen.join(', ') : 'no python3 on PATH';
  throw new Error(
    `Python 3.10 or newer is needed for the sandbox's AWS: found ${found}. Install python3 and its venv.`,
  );
}

async function createVenv(python: string, venv: string, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await runCommand(python, ['-m', 'venv', venv], { env, timeout: 120_000 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Python's venv could not be made: ${why}. On Debian and Ubuntu: apt install python3-venv.`);
  }
}
