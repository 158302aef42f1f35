import type { Client } from '@temporalio/client';

export interface Histories {
  readonly events: readonly number[];
  /** As the server accounts for them. */
  readonly bytes: readonly number[];
  /** How many of each kind of event a run has, workflow tasks left out: their number depends on who was faster. */
  readonly shape: string;
}

/** Event type numbers of workflow tasks: scheduled, started, completed, timed out. */
const TASKS = new Set([5, 6, 7, 8]);

/** Length, size and shape of the histories of runs that have ended. */
export async function readHistories(client: Client, ids: readonly string[]): Promise<Histories> {
  const events: number[] = [];
  const bytes: number[] = [];
  const shapes = new Map<string, number>();
  for (const id of ids) {
    const handle = client.workflow.getHandle(id);
    const info = (await handle.describe()).raw.workflowExecutionInfo;
    events.push(Number(info?.historyLength ?? 0));
    bytes.push(Number(info?.historySizeBytes ?? 0));
    const counts = new Map<number, number>();
    for (const { eventType } of (await handle.fetchHistory()).events ?? [])
      if (typeof eventType === 'number' && !TASKS.has(eventType))
        counts.set(eventType, (counts.get(eventType) ?? 0) + 1);
    const shape = [...counts]
      .sort(([a], [b]) => a - b)
      .map(([type, n]) => `${n}×${type}`)
      .join(' ');
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
  }
  // The commonest one: a run may be overtaken here or there.
  return { events, bytes, shape: [...shapes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '' };
}
