import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type {
  AssessActivities,
  ExecuteActivities,
  NotifyActivities,
  ReadActivities,
  SweepActivities,
} from '../activities/contracts.ts';
import type { Queues, WaitPolicy } from '../schemas/workflow-io.ts';

/** `summary` is what the Temporal UI shows beside the activity. */
const POLITE_RETRY = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' } as const;

export function readActivities(queues: Queues, summary: string) {
  return proxyActivities<ReadActivities>({
    taskQueue: queues.read,
    startToCloseTimeout: '2m',
    retry: POLITE_RETRY,
    summary,
  });
}

export function assessActivities(queues: Queues, summary: string) {
  return proxyActivities<AssessActivities>({
    taskQueue: queues.assess,
    startToCloseTimeout: '3m',
    retry: POLITE_RETRY,
    summary,
  });
}

export function notifyActivities(queues: Queues, summary: string) {
  return proxyActivities<NotifyActivities>({
    taskQueue: queues.notify,
    startToCloseTimeout: '2m',
    retry: POLITE_RETRY,
    summary,
  });
}

/**
 * A destructive step is never abandoned half-way: cancellation waits for its true end, and a worker that stops
 * heartbeating is replaced by one that looks before it acts.
 */
export function executeActivities(queues: Queues, waits: WaitPolicy, summary: string) {
  return proxyActivities<ExecuteActivities>({
    taskQueue: queues.execute,
    summary,
    startToCloseTimeout: waits.executorStep,
    heartbeatTimeout: waits.executorHeartbeat,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
  });
}

export function sweepActivities(readQueue: string) {
  return proxyActivities<SweepActivities>({
    taskQueue: readQueue,
    startToCloseTimeout: '10m',
    heartbeatTimeout: '1m',
    retry: { ...POLITE_RETRY, maximumAttempts: 5 },
  });
}
