import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds. @default 15_000 */
  readonly timeout?: number;
}

/**
 * Runs a command to its end and returns what it printed.
 * @throws Error naming the command and the last lines it printed.
 */
export function runCommand(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { env, cwd, timeout = 15_000 } = options;
  return new Promise((resolve, reject) => {
    const settings = { timeout, maxBuffer: 64 * 1024 * 1024, ...(env && { env }), ...(cwd && { cwd }) };
    execFile(file, [...args], settings, (error, stdout, stderr) => {
      if (!error) return resolve(stdout || stderr);
      const tail = (stderr || stdout || error.message).trim().split('\n').slice(-3).join(' | ');
      const why = error.killed ? `no end after ${timeout} ms` : `failed (${error.code ?? error.signal})`;
      reject(new Error(`${[file, ...args].join(' ')}: ${why}: ${tail}`));
    });
  });
}

/** Full path of an executable on PATH, or null. */
export async function findOnPath(name: string, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** First line of `--version`; rejects when the binary does not run here (wrong platform, broken download). */
export async function versionOf(file: string): Promise<string> {
  return (await runCommand(file, ['--version'], { timeout: 30_000 })).trim().split('\n')[0] ?? '';
}
