import type { SweepCounts } from '../schemas/records.ts';

export const NO_COUNTS: SweepCounts = {
  scanned: 0,
  idle: 0,
  active: 0,
  undetermined: 0,
  excluded: 0,
  skippedByLedger: 0,
  started: 0,
  quarantined: 0,
  gone: 0,
  failedPages: 0,
};

/** A count that an earlier version did not know yet is none. */
export function addCounts(a: SweepCounts, b: Partial<SweepCounts>): SweepCounts {
  const sum = { ...a };
  for (const key of Object.keys(NO_COUNTS) as (keyof SweepCounts)[]) sum[key] = (a[key] ?? 0) + (b[key] ?? 0);
  return sum;
}

export function partitionName(p: { accountId: string; region: string }): string {
  return `${p.accountId}/${p.region}`;
}

/** Markdown shown as the run's current details in the Temporal UI. */
export function sweepDetails(title: string, counts: SweepCounts, page: number | null): string {
  const rows = (Object.keys(NO_COUNTS) as (keyof SweepCounts)[]).map((key) => `| ${key} | ${counts[key]} |`);
  const heading = page === null ? `**${title}**` : `**${title}** · page ${page}`;
  return [heading, '', '| what | assets |', '|---|---:|', ...rows].join('\n');
}
