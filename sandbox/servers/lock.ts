import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockOptions {
  /** A lock not refreshed for this long is taken over, in milliseconds. @default 30_000 */
  readonly staleAfter?: number;
  /** How often a waiter looks again, in milliseconds. @default 200 */
  readonly poll?: number;
  /** Give up after this long, in milliseconds. @default 1_200_000 */
  readonly timeout?: number;
}

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/**
 * Runs `work` while holding the lock file, so that two processes never build the same thing at once.
 * The lock of a dead process is taken over, by exactly one of those that wait.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const { staleAfter = 30_000, poll = 200, timeout = 1_200_000 } = options;
  const me: Holder = { token: randomUUID(), pid: process.pid, host: hostname() };
  const deadline = Date.now() + timeout;
  while (!(await create(file, me))) {
    if (Date.now() > deadline) throw new Error(`lock ${file} is held by another process; remove it if none is running`);
    if (!(await breakIfStale(file, staleAfter))) await sleep(poll);
  }
  const refresh = setInterval(() => void touch(file), Math.max(50, staleAfter / 4));
  refresh.unref();
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    if ((await read(file))?.token === me.token) await rm(file, { force: true });
  }
}

async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function breakIfStale(file: string, staleAfter: number): Promise<boolean> {
  const holder = await read(file);
  if (!(await isStale(file, holder, staleAfter))) return false;
  // Whoever creates this marker is the only one who may remove the lock with this token: no lock made in between is lost.
  const marker = `${file}.break-${holder?.token ?? 'unreadable'}`;
  if (!(await create(marker, { token: '', pid: process.pid, host: hostname() }))) {
    if (await olderThan(marker, staleAfter)) await rm(marker, { force: true });
    return false;
  }
  const same = (await read(file))?.token === holder?.token;
  if (same) await rm(file, { force: true });
  await rm(marker, { force: true });
  return same;
}

async function isStale(file: string, holder: Holder | null, staleAfter: number): Promise<boolean> {
  if (holder && holder.host === hostname() && !isAlive(holder.pid)) return true;
  return olderThan(file, staleAfter);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function olderThan(file: string, age: number): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > age;
}

async function read(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}
