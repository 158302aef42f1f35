import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';

const require = createRequire(import.meta.url);

/** The machine as the numbers were taken on it; the load says how far to trust them. */
export function machineLine(): string {
  const cores = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const temporal = (require('@temporalio/worker/package.json') as { version: string }).version;
  return `${cores.length} × ${cores[0]?.model.trim() ?? process.arch}, ${memory}, Node ${process.versions.node}, Temporal SDK ${temporal}`;
}

export function loadLine(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(' ');
}

/** CPU seconds of a process and all it started that still runs, by process group; null where /proc is not to be had. */
export function cpuSecondsOfGroup(group: number, processes: Iterable<string>): number | null {
  let ticks = 0;
  let found = false;
  for (const pid of processes) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold spaces; what follows it does not.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) !== group) continue;
      ticks += Number(fields[11]) + Number(fields[12]);
      found = true;
    } catch {
      // It ended while we were looking.
    }
  }
  return found ? ticks / TICKS_PER_SECOND : null;
}

/** Fixed by the kernel's interface, whatever its own timer does. */
const TICKS_PER_SECOND = 100;
