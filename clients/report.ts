import { addMoney } from '../domain/money.ts';
import type { Store } from '../ports/store.ts';
import type { Money } from '../schemas/money.ts';
import type { QuarantineEntry, SweepCounts } from '../schemas/records.ts';

export interface OutcomeReport {
  readonly outcomes: readonly { outcome: string; count: number; monthlySaving: Money | null }[];
  readonly sweep: {
    readonly sweepId: string;
    /** What its pages saw. */
    readonly counts: Omit<SweepCounts, 'started'> | null;
    /** How many rows of each source could not be read, most first. */
    readonly quarantinedBySource: readonly { source: string; rows: number }[];
    readonly quarantined: readonly QuarantineEntry[];
  } | null;
}

const MANY = 100_000;

/** Outcomes with the savings of the options that were carried out, and what the last sweep could not read. */
export async function outcomeReport(store: Store): Promise<OutcomeReport> {
  const rows = await store.remediations.list({ limit: MANY });
  const groups = new Map<string, { count: number; monthlySaving: Money | null }>();
  for (const row of rows) {
    const name = row.outcome ?? row.stage;
    const group = groups.get(name) ?? { count: 0, monthlySaving: null };
    const saving = row.monthlySaving;
    groups.set(name, {
      count: group.count + 1,
      monthlySaving:
        saving === null
          ? group.monthlySaving
          : group.monthlySaving === null
            ? saving
            : addMoney(group.monthlySaving, saving),
    });
  }
  const latest = await store.sweeps.latest();
  const quarantined = latest ? await store.sweeps.quarantined(latest.sweepId) : [];
  return {
    outcomes: [...groups].map(([outcome, g]) => ({ outcome, ...g })).sort((a, b) => b.count - a.count),
    sweep: latest && {
      sweepId: latest.sweepId,
      counts: withoutStarted(await store.sweeps.totals(latest.sweepId)),
      quarantinedBySource: bySource(quarantined),
      quarantined,
    },
  };
}

function bySource(entries: readonly QuarantineEntry[]): { source: string; rows: number }[] {
  return [...Map.groupBy(entries, (entry) => entry.source)]
    .map(([source, own]) => ({ source, rows: own.length }))
    .sort((a, b) => b.rows - a.rows || a.source.localeCompare(b.source));
}

/** Runs are started after the pages, by the sweep itself, so that the pages know nothing of it. */
function withoutStarted(counts: SweepCounts | null): Omit<SweepCounts, 'started'> | null {
  if (counts === null) return null;
  const { started: _, ...seen } = counts;
  return seen;
}
