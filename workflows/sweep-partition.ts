import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { addCounts, partitionName, sweepDetails } from '../domain/sweep-counts.ts';
import type { SweepPartitionInput, SweepSummary } from '../schemas/workflow-io.ts';
import { sweepActivities } from './activity-proxies.ts';
import { sweepProgress } from './messages.ts';

/**
 * One account and region, page by page. Continues as new by cursor, so that its history stays small however large the
 * estate is. A page that keeps failing ends the partition, is named, and is counted; other partitions go on.
 */
export async function sweepPartition(input: SweepPartitionInput): Promise<SweepSummary> {
  const activities = sweepActivities(input.readQueue);
  const summary: SweepSummary = { sweepId: input.sweepId, counts: input.counts, partitionsFailed: [] };
  setHandler(sweepProgress, () => summary);

  let { cursor, page } = input;
  for (let scanned = 0; ; scanned++) {
    setCurrentDetails(sweepDetails(partitionName(input), summary.counts, page));
    if (scanned === input.pagesPerRun || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof sweepPartition>({ ...input, cursor, page, counts: summary.counts });
    }
    const { tenant, sweepId, accountId, region, pageSize } = input;
    try {
      const result = await activities.scanPage({ tenant, sweepId, accountId, region, cursor, page, pageSize });
      summary.counts = addCounts(summary.counts, result.counts);
      cursor = result.nextCursor;
    } catch (error) {
      if (isCancellation(error)) throw error;
      summary.counts = addCounts(summary.counts, { failedPages: 1 });
      summary.partitionsFailed = [partitionName(input)];
      cursor = null;
    }
    page++;
    if (cursor === null) break;
  }
  await condition(allHandlersFinished);
  return summary;
}
