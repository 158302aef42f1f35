import type { LedgerEntry } from '../schemas/records.ts';

/**
 * Does what was decided before still keep the sweep away? No end means for good; the end itself is exclusive. An end
 * that cannot be read binds: doubt leaves the asset alone.
 */
export function ledgerBinds(entry: Pick<LedgerEntry, 'until'>, at: string): boolean {
  if (entry.until === null) return true;
  const until = Date.parse(entry.until);
  const now = Date.parse(at);
  return Number.isNaN(until) || Number.isNaN(now) || now < until;
}

/** The entry that binds longest, or null: an old snooze must not hide a standing exemption. */
export function bindingEntry(entries: readonly LedgerEntry[], at: string): LedgerEntry | null {
  let longest: LedgerEntry | null = null;
  for (const entry of entries)
    if (ledgerBinds(entry, at) && (longest === null || endOf(entry) > endOf(longest))) longest = entry;
  return longest;
}

function endOf(entry: LedgerEntry): number {
  const end = entry.until === null ? Number.POSITIVE_INFINITY : Date.parse(entry.until);
  return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end;
}
