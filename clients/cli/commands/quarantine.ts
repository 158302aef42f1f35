import type { Command } from 'commander';
import type { SweepStore } from '../../../ports/store.ts';
import type { QuarantineEntry } from '../../../schemas/records.ts';
import type { Run } from '../main.ts';
import { positive } from './read.ts';

/** One defect of a source, however many sweeps met it. Times are ISO-8601 UTC. */
export interface Defect extends Pick<QuarantineEntry, 'source' | 'operation' | 'rowId' | 'field' | 'found' | 'fix'> {
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** In how many of the sweeps that were looked at. */
  readonly sweeps: number;
  /** Whether the last sweep met it; false: it was mended, or what it is about was not looked at. */
  readonly inLastSweep: boolean;
}

export function addQuarantineCommand(program: Command, run: Run): void {
  program
    .command('quarantine')
    .description('rows of other systems that sweeps could not read: what was found, how to mend it, since when')
    .option('--source <source>', 'only rows of this system, such as wiz or servicenow-cmdb')
    .option('--sweeps <n>', 'look at so many of the last sweeps', '10')
    .addHelpText(
      'after',
      '\nExamples:\n  $ idlewise quarantine --source wiz\n  $ idlewise quarantine --sweeps 1 --json',
    )
    .action(async function (this: Command) {
      const o = this.opts<{ source?: string; sweeps: string }>();
      const most = positive(o.sweeps, '--sweeps');
      await run(this, async ({ store, out }) => {
        const { sweeps } = await store();
        const recent = await sweeps.recent(most);
        const defects = (await defectsIn(sweeps, recent)).filter(({ source }) => (o.source ?? source) === source);
        out.rows(
          ['source', 'row', 'field', 'found', 'fix', 'first seen', 'last seen', 'sweeps'],
          defects.map((d) => [
            [d.source, d.operation].filter(Boolean).join(' '),
            d.rowId ?? '(no id)',
            d.field,
            d.found,
            d.fix,
            d.firstSeen,
            d.inLastSweep ? d.lastSeen : `${d.lastSeen}, not in the last sweep`,
            `${d.sweeps} of ${recent.length}`,
          ]),
          { count: defects.length, sweeps: recent.map(({ sweepId }) => sweepId), defects },
        );
        if (recent.length === 0) out.progress('nothing was swept yet; `idlewise sweep` does');
        else out.progress(`${defects.length} defects in the last ${recent.length} sweeps`);
      });
    });
}

/**
 * What the sweeps met, most recent first. The same row, field and question is one defect, shown as it was found last.
 * @param recent sweeps, newest first
 */
export async function defectsIn(
  store: Pick<SweepStore, 'quarantined'>,
  recent: readonly { readonly sweepId: string }[],
): Promise<readonly Defect[]> {
  const defects = new Map<string, Defect>();
  for (const [age, { sweepId }] of recent.entries())
    for (const [key, [entry, ...more]] of byDefect(await store.quarantined(sweepId))) {
      if (entry === undefined) continue;
      const times = [entry, ...more].map(({ at }) => at).toSorted();
      const newer = defects.get(key);
      const { source, operation, rowId, field, found, fix } = newer ?? entry;
      defects.set(key, {
        ...{ source, operation, rowId, field, found, fix },
        firstSeen: times[0] ?? entry.at,
        lastSeen: newer?.lastSeen ?? times.at(-1) ?? entry.at,
        sweeps: (newer?.sweeps ?? 0) + 1,
        inLastSweep: newer?.inLastSweep ?? age === 0,
      });
    }
  return [...defects.values()].sort((a, b) => b.lastSeen.localeCompare(a.lastSeen) || a.source.localeCompare(b.source));
}

function byDefect(entries: readonly QuarantineEntry[]): Map<string, QuarantineEntry[]> {
  return Map.groupBy(entries, (e) => JSON.stringify([e.source, e.operation, e.rowId, e.field]));
}
