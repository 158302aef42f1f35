import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  executeChild,
  log,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { addCounts, NO_COUNTS, partitionName, sweepDetails } from '../domain/sweep-counts.ts';
import type { SweepEstateInput, SweepSummary } from '../schemas/workflow-io.ts';
import { sweepActivities } from './activity-proxies.ts';
import { sweepProgress } from './messages.ts';
import { sweepPartition } from './sweep-partition.ts';

/** A partition costs some nine events, and a history may hold 51,200. */
const PARTITIONS_PER_RUN = 500;

/**
 * One sweep of the whole estate: every partition is scanned, then the best opportunities of all of them are started,
 * within the start budget. Remediations are not children: they outlive the sweep. A large estate continues as new with the
 * partitions that are left and what was counted; opportunities are ranked in the records, so no run has to carry them.
 */
export async function sweepEstate(input: SweepEstateInput): Promise<SweepSummary> {
  const sweepId = workflowInfo().workflowId;
  const { carried, partitionsPerRun = PARTITIONS_PER_RUN } = input;
  const summary: SweepSummary = {
    sweepId,
    counts: carried?.counts ?? NO_COUNTS,
    partitionsFailed: [...(carried?.partitionsFailed ?? [])],
  };
  setHandler(sweepProgress, () => summary);
  const activities = sweepActivities(input.queues.read);
  // Sweeps that were under way before this was bounded go on as they began.
  const bounded = patched('sweep-estate-continues');

  if (carried === undefined) await activities.beginSweep({ sweepId });
  const waiting = [...input.partitions];
  let begun = 0;
  const full = () => bounded && (begun >= partitionsPerRun || workflowInfo().continueAsNewSuggested);
  const next = () => {
    if (waiting.length === 0 || full()) return undefined;
    begun++;
    return waiting.shift();
  };
  const lanes = Array.from({ length: Math.min(input.maxConcurrentPartitions, waiting.length) }, async () => {
    for (let partition = next(); partition; partition = next()) await scan(partition);
  });
  await Promise.all(lanes);
  if (waiting.length > 0) {
    await condition(allHandlersFinished);
    const { counts, partitionsFailed } = summary;
    return continueAsNew<typeof sweepEstate>({ ...input, partitions: waiting, carried: { counts, partitionsFailed } });
  }

  const { started } = await activities.startRemediations({
    tenant: input.tenant,
    sweepId,
    limit: input.startsPerSweep,
    requestedBy: input.requestedBy,
    queues: input.queues,
    waits: input.waits,
  });
  summary.counts = addCounts(summary.counts, { started });
  setCurrentDetails(sweepDetails('Estate sweep finished', summary.counts, null));
  await condition(allHandlersFinished);
  return summary;

  async function scan(partition: { accountId: string; region: string }): Promise<void> {
    const name = partitionName(partition);
    try {
      const part = await executeChild(sweepPartition, {
        workflowId: `${sweepId}/${name}`,
        args: [
          {
            tenant: input.tenant,
            sweepId,
            ...partition,
            cursor: null,
            page: 1,
            pageSize: input.pageSize,
            pagesPerRun: input.pagesPerRun,
            counts: NO_COUNTS,
            readQueue: input.queues.read,
          },
        ],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `Sweep of ${name}`,
      });
      summary.counts = addCounts(summary.counts, part.counts);
      summary.partitionsFailed.push(...part.partitionsFailed);
    } catch (error) {
      // A sweep that was cancelled starts no other run of itself; a partition that was is only one that failed.
      if (bounded && CancellationScope.current().consideredCancelled) throw error;
      log.warn('partition failed', { partition: name, error: String(error) });
      summary.partitionsFailed.push(name);
    }
    setCurrentDetails(sweepDetails(`Estate sweep · ${waiting.length} partitions waiting`, summary.counts, null));
  }
}
