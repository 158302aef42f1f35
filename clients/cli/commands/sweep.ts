import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { SweepSummary } from '../../../schemas/workflow-io.ts';
import { startSweep } from '../../schedules.ts';
import type { Run } from '../main.ts';
import { personOf } from '../person.ts';

const POLL_MS = 1000;

export function addSweepCommand(program: Command, run: Run): void {
  program
    .command('sweep')
    .description('sweep the whole estate now, outside the schedule')
    .option('--no-wait', 'return at once')
    .option('--as <subject>', 'your e-mail address in the directory: you may not approve what your own sweep finds')
    .addHelpText('after', '\nExamples:\n  $ idlewise sweep\n  $ idlewise sweep --no-wait --json')
    .action(async function (this: Command) {
      await run(this, async ({ config, temporal, store, out }) => {
        const client = await temporal();
        const { wait, as } = this.opts<{ wait: boolean; as?: string }>();
        const by = as === undefined ? `cli:${userInfo().username}` : personOf(as, await config()).subject;
        const workflowId = await startSweep(client, await config(), by);
        if (!wait) return out.value({ workflowId }, `started ${workflowId}`);
        const handle = client.workflow.getHandle(workflowId);
        let over = false;
        const result = handle.result().finally(() => {
          over = true;
        }) as Promise<SweepSummary>;
        void (async () => {
          const records = await store();
          while (!over) {
            await new Promise((r) => setTimeout(r, POLL_MS));
            const totals = await records.sweeps.totals(workflowId).catch(() => null);
            if (totals && !over)
              out.progress(
                `scanned ${totals.scanned}, idle ${totals.idle}, undetermined ${totals.undetermined}, quarantined ${totals.quarantined}`,
              );
          }
        })();
        const summary = await result;
        const { counts } = summary;
        out.rows(['what', 'assets'], Object.entries(counts), summary);
        return summary.partitionsFailed.length > 0 ? 1 : 0;
      });
    });
}
