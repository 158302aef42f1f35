import type { RejectedRow } from '../../ports/rows.ts';
import type { QuarantineEntry } from '../../schemas/records.ts';

/** More of one source on one page than a person reads; how many more there were is said. */
const MOST_OF_ONE_SOURCE = 500;
const MOST_SHOWN = 200;

/** What one page could not read, from whichever port it came. */
export interface Quarantine {
  add(source: string, rows: readonly RejectedRow[]): void;
  readonly entries: readonly QuarantineEntry[];
}

export function openQuarantine({ sweepId, now }: { readonly sweepId: string; readonly now: Date }): Quarantine {
  const entries: QuarantineEntry[] = [];
  const at = now.toISOString();
  const put = (vendor: string, { source, operation, rowId, assetKey, field, found, fix }: RejectedRow) =>
    entries.push({
      sweepId,
      source: source ?? vendor,
      operation: operation ?? null,
      rowId: assetKey ?? rowId,
      field,
      found: found.slice(0, MOST_SHOWN),
      fix,
      at,
    });
  return {
    entries,
    add(source, rows) {
      for (const row of rows.slice(0, MOST_OF_ONE_SOURCE)) put(source, row);
      const more = rows.length - MOST_OF_ONE_SOURCE;
      if (more <= 0) return;
      const fix = 'most rows have the same defect: mend the first ones and sweep again';
      put(source, { rowId: null, field: 'rows', found: `${more} more like these`, fix });
    },
  };
}
