import {
  allHandlersFinished,
  condition,
  executeChild,
  log,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { addCounts, NO_COUNTS, partitionName, sweepDetails } from '../domain/sweep-counts.ts';
import type { SweepEstateInput, SweepSummary } from '../schemas/workflow-io.ts';
import { sweepActivities } from './activity-proxies.ts';
import { sweepProgress } from './messages.ts';
import { sweepPartition } from './sweep-partition.ts';

/**
 * One sweep of the whole estate: every partition is scanned, then the best opportunities of all of them are started,
 * within the start budget. Remediations are not children: they outlive the sweep.
 */
export async function sweepEstate(input: SweepEstateInput): Promise<SweepSummary> {
  const sweepId = workflowInfo().workflowId;
  const summary: SweepSummary = { sweepId, counts: NO_COUNTS, partitionsFailed: [] };
  setHandler(sweepProgress, () => summary);
  const activities = sweepActivities(input.queues.read);

  await activities.beginSweep({ sweepId });
  const waiting = [...input.partitions];
  const lanes = Array.from({ length: Math.min(input.maxConcurrentPartitions, waiting.length) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await scan(next);
  });
  await Promise.all(lanes);

  const { started } = await activities.startRemediations({
    tenant: input.tenant,
    sweepId,
    limit: input.startsPerSweep,
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
      log.warn('partition failed', { partition: name, error: String(error) });
      summary.partitionsFailed.push(name);
    }
    setCurrentDetails(sweepDetails(`Estate sweep · ${waiting.length} partitions waiting`, summary.counts, null));
  }
}
