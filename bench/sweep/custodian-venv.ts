import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolFolder } from '../../sandbox/servers/cache.ts';
import { withLock } from '../../sandbox/servers/lock.ts';
import { findPython } from '../../sandbox/servers/python-venv.ts';
import type { Log } from '../../sandbox/servers/resolution.ts';
import { isExecutable, runCommand } from '../../sandbox/servers/run-command.ts';

/** What the sweep is compared with. */
export const CUSTODIAN_VERSION = '0.9.53';

/** Path of Cloud Custodian's command, in a Python environment of its own in the cache; made on first use. */
export async function custodian(log: Log, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = await toolFolder('c7n', CUSTODIAN_VERSION, env);
  const venv = join(folder, 'venv');
  const command = join(venv, 'bin', 'custodian');
  const marker = join(folder, 'complete');
  const isComplete = async () =>
    (await readFile(marker, 'utf8').catch(() => '')) === CUSTODIAN_VERSION && (await isExecutable(command));
  if (await isComplete()) return command;
  return withLock(join(folder, 'build.lock'), async () => {
    if (await isComplete()) return command;
    log(`Cloud Custodian: installing c7n ${CUSTODIAN_VERSION} into ${venv}, once`);
    await rm(venv, { recursive: true, force: true });
    await runCommand(await findPython(env), ['-m', 'venv', venv], { env, timeout: 120_000 });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
    await runCommand(join(venv, 'bin', 'python'), [...pip, `c7n==${CUSTODIAN_VERSION}`], { env, timeout: 900_000 });
    await writeFile(marker, CUSTODIAN_VERSION);
    return command;
  });
}
