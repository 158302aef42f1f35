import type { JournalEntry } from '../../sandbox/kit/journal.ts';

async function journal(endpoint: string): Promise<JournalEntry[]> {
  return (await (await fetch(`${endpoint}/__sim/journal`)).json()) as JournalEntry[];
}

export async function journalLength(endpoint: string): Promise<number> {
  return (await journal(endpoint)).length;
}

/** Requests the endpoint has answered since its journal had `from` rows. */
export async function callsSince(endpoint: string, from: number): Promise<{ metricCalls: number; awsCalls: number }> {
  const rows = (await journal(endpoint)).slice(from);
  return { metricCalls: rows.filter((r) => r.label?.startsWith('monitoring:')).length, awsCalls: rows.length };
}
