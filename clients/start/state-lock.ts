import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Keeps a second `npm start` away from state in use: its `--fresh` would delete databases that are open, and its ports
 * would be remembered in place of those that posted links point at. Released when this process ends, and taken over from
 * one that was killed.
 * @throws Error naming the process that holds it, and the fix.
 */
export function holdState(stateDir: string): void {
  const file = `${stateDir}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readHolder(file));
      if (attempt > 0 || isAlive(holder))
        throw new Error(
          `${stateDir} is in use by process ${holder}, another \`npm start\`. Stop that one first (Ctrl-C), or give this one its own folder with --state. If there is no such process, remove ${file}.`,
        );
      rmSync(file, { force: true });
    }
  }
  process.on('exit', () => rmSync(file, { force: true }));
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
