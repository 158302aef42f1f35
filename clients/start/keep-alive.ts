import type { Exit, ManagedProcess } from '../../sandbox/servers/start-process.ts';

/** First pause before a process is started again, and the longest, in milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** One that stayed up so long had no trouble starting: the next pause is the first again. */
const STEADY_MS = 60_000;

export interface KeepAliveDeps {
  readonly name: string;
  start(): Promise<ManagedProcess>;
  readonly say: (line: string) => void;
  /** True once everything is being stopped: then nothing is started again. */
  readonly stopping: () => boolean;
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
}

/** Starts a process of ours again whenever it dies, each time after a longer pause, and says so. */
export function keepAlive(first: ManagedProcess, deps: KeepAliveDeps): void {
  const { name, start, say, stopping, clock = Date.now } = deps;
  const { sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()) } = deps;
  let pause = FIRST_PAUSE_MS;

  const watch = (managed: ManagedProcess, since: number): void =>
    managed.onDeath((exit) => {
      if (clock() - since >= STEADY_MS) pause = FIRST_PAUSE_MS;
      void again(exit, managed.logFile);
    });

  const again = async (exit: Exit, logFile: string): Promise<void> => {
    let why = `ended (${exit.code ?? exit.signal})`;
    while (!stopping()) {
      say(`${name} ${why}; starting it again in ${pause / 1000} s; its log: ${logFile}`);
      await sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (stopping()) return;
      try {
        watch(await start(), clock());
        return say(`${name} is up again`);
      } catch (error) {
        why = `did not start: ${(error as Error).message}`;
      }
    }
  };

  watch(first, clock());
}
