import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KILL_WORD, LEASH } from './leash.ts';

export interface ProcessOptions {
  /** For messages, e.g. `Temporal`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Everything it prints is appended here; the folder is created. */
  readonly logFile: string;
  /** Asked again and again until it is true; a rejection means not yet. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds. @default 30_000 */
  readonly readyTimeout?: number;
  /** Between SIGTERM and SIGKILL, in milliseconds. @default 8_000 */
  readonly stopTimeout?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ManagedProcess {
  readonly name: string;
  /** Leader of the process group: a negative pid reaches the server and its guard. */
  readonly pid: number;
  readonly logFile: string;
  /** Settles when it has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Called when it ends without having been told to. */
  onDeath(listener: (exit: Exit) => void): void;
  /** SIGTERM, then SIGKILL. Safe to call twice. */
  stop(): Promise<void>;
  /** The sudden end of the whole group, for fault tests. Counts as a death. */
  kill(): Promise<Exit>;
}

/**
 * Starts a server as a child that cannot outlive this process: it has its own process group, so that Ctrl-C reaches only
 * us and we stop things in order, and a guard that ends it when our end of a pipe closes, even after kill -9.
 * @throws Error with the end of its log when it dies or is not ready in time.
 */
export async function startProcess(options: ProcessOptions): Promise<ManagedProcess> {
  const managed = spawnOnLeash(options);
  let gone: Exit | undefined;
  void managed.exited.then((exit) => {
    gone = exit;
  });
  const deadline = Date.now() + (options.readyTimeout ?? 30_000);
  while (!(await options.ready().catch(() => false))) {
    if (gone) throw new Error(`${options.name} ended at once (code ${gone.code ?? gone.signal}). ${tail(options)}`);
    if (Date.now() > deadline) {
      await managed.stop();
      throw new Error(`${options.name} was not ready in time. ${tail(options)}`);
    }
    await sleep(40);
  }
  return managed;
}

function spawnOnLeash(options: ProcessOptions): ManagedProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const out = openSync(options.logFile, 'a');
  const child = spawn('/bin/sh', ['-c', LEASH, options.name, options.command, ...options.args], {
    detached: true,
    stdio: ['pipe', out, out],
    env: options.env ?? process.env,
    ...(options.cwd && { cwd: options.cwd }),
  });
  closeSync(out);
  child.stdin?.on('error', () => undefined);
  const deaths: ((exit: Exit) => void)[] = [];
  let wanted = false;
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  void exited.then((exit) => {
    if (!wanted) for (const listener of deaths) listener(exit);
  });
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group has ended already, which is what was asked for.
    }
  };
  const end = async () => {
    child.stdin?.write(`${KILL_WORD}\n`);
    const last = setTimeout(() => signalGroup('SIGKILL'), 3_000);
    const exit = await exited;
    clearTimeout(last);
    // Whatever the server itself had started.
    signalGroup('SIGKILL');
    return exit;
  };
  return {
    name: options.name,
    pid: child.pid ?? 0,
    logFile: options.logFile,
    exited,
    onDeath: (listener) => void deaths.push(listener),
    stop: async () => {
      wanted = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      signalGroup('SIGTERM');
      const timer = setTimeout(() => void end(), options.stopTimeout ?? 8_000);
      await exited;
      clearTimeout(timer);
      signalGroup('SIGKILL');
    },
    kill: end,
  };
}

function tail({ logFile }: ProcessOptions): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5);
  return `Log ${logFile} ends with: ${lines.join(' | ')}`;
}
