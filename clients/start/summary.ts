import type { Store } from '../../ports/store.ts';

const EVERY_MS = 2000;

/** One line whenever something changed: what the sweep found and where the remediations are. Never returns. */
export async function watchSummary({
  store,
  sweepId,
  say,
}: {
  store: Store;
  sweepId: string;
  say: (line: string) => void;
}): Promise<never> {
  let last = '';
  for (;;) {
    const line = await summaryLine(store, sweepId).catch((error: Error) => `records cannot be read: ${error.message}`);
    if (line !== last) say(`${new Date().toISOString().slice(11, 19)} ${line}`);
    last = line;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

export async function summaryLine(store: Store, sweepId: string): Promise<string> {
  const counts = await store.sweeps.totals(sweepId);
  const rows = await store.remediations.list({ limit: 10_000 });
  const groups = new Map<string, number>();
  for (const row of rows) groups.set(row.outcome ?? row.stage, (groups.get(row.outcome ?? row.stage) ?? 0) + 1);
  const sweep = counts
    ? `sweep: ${counts.scanned} scanned, ${counts.idle} idle, ${counts.undetermined} undetermined, ${counts.excluded} excluded, ${counts.quarantined} quarantined`
    : 'sweep: starting';
  const states = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([state, n]) => `${n} ${state}`);
  return states.length > 0 ? `${sweep} · remediations: ${states.join(', ')}` : sweep;
}
