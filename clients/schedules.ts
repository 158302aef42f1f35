import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
  type ScheduleUpdateOptions,
} from '@temporalio/client';
import { waitPolicy } from '../config/load.ts';
import { placesOf } from '../domain/places.ts';
import type { Config } from '../config/schema.ts';
import type { SweepEstateInput } from '../schemas/workflow-io.ts';
import { taskQueues } from '../compose/task-queues.ts';

export function sweepScheduleId(config: Config): string {
  return `idlewise-sweep-${config.tenant}`;
}

/** @param requestedBy a person's subject, or the service that sets the sweep off */
export function sweepInput(config: Config, requestedBy: string): SweepEstateInput {
  const { read, assess, notify, execute } = taskQueues(config.temporal.taskQueuePrefix);
  return {
    tenant: config.tenant,
    partitions: placesOf(config).flatMap((a) => a.regions.map((region) => ({ accountId: a.accountId, region }))),
    pageSize: config.sweep.pageSize,
    pagesPerRun: config.sweep.pagesPerRun,
    startsPerSweep: config.policy.limits.startsPerSweep,
    maxConcurrentPartitions: 4,
    queues: { read, assess, notify, execute },
    waits: waitPolicy(config),
    requestedBy,
  };
}

/**
 * Creates or updates the sweep schedule. Overlap is skipped, so that a slow sweep is not joined by another; the catch-up
 * window is explicit, because its default of a year would replay every missed day after an outage.
 */
export async function registerSweepSchedule(client: Client, config: Config): Promise<string> {
  const scheduleId = sweepScheduleId(config);
  const { everyHours, catchupWindow, jitter } = config.sweep.schedule;
  await upsertSchedule(client, scheduleId, {
    spec: { intervals: [{ every: everyHours * 3_600_000 }], jitter },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow, pauseOnFailure: false },
    action: {
      type: 'startWorkflow',
      workflowType: 'sweepEstate',
      workflowId: `sweep/${config.tenant}`,
      taskQueue: taskQueues(config.temporal.taskQueuePrefix).orchestration,
      args: [sweepInput(config, 'service:schedule')],
      staticSummary: `Estate sweep of ${config.tenant}`,
    },
  });
  return scheduleId;
}

const CHECKPOINT_EVERY = '5m';

/** Signs and anchors the audit trail every five minutes: the longest tail that could be cut unseen. */
export async function registerAuditSchedule(client: Client, config: Config): Promise<string> {
  const scheduleId = `idlewise-audit-${config.tenant}`;
  const queues = taskQueues(config.temporal.taskQueuePrefix);
  await upsertSchedule(client, scheduleId, {
    spec: { intervals: [{ every: CHECKPOINT_EVERY }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CHECKPOINT_EVERY },
    action: {
      type: 'startWorkflow',
      workflowType: 'anchorAudit',
      workflowId: `audit-anchor/${config.tenant}`,
      taskQueue: queues.orchestration,
      args: [{ auditQueue: queues.audit }],
      staticSummary: 'Anchors the audit trail',
    },
  });
  return scheduleId;
}

/** Sends the audit trail to the telemetry vendor; without a vendor there is no such schedule, and one from before is deleted. */
export async function registerTelemetrySchedule(client: Client, config: Config): Promise<string | null> {
  const scheduleId = `idlewise-telemetry-${config.tenant}`;
  const { vendor, everySeconds } = config.telemetry;
  if (vendor === 'none') {
    await client.schedule
      .getHandle(scheduleId)
      .delete()
      .catch((error: unknown) => {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
    return null;
  }
  const queues = taskQueues(config.temporal.taskQueuePrefix);
  const every = everySeconds * 1000;
  await upsertSchedule(client, scheduleId, {
    spec: { intervals: [{ every }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: every },
    action: {
      type: 'startWorkflow',
      workflowType: 'shipTelemetry',
      workflowId: `telemetry/${config.tenant}`,
      taskQueue: queues.orchestration,
      args: [{ auditQueue: queues.audit }],
      staticSummary: `Sends the audit trail to ${vendor}`,
    },
  });
  return scheduleId;
}

async function upsertSchedule(
  client: Client,
  scheduleId: string,
  definition: Omit<ScheduleOptions, 'scheduleId'>,
): Promise<void> {
  try {
    await client.schedule.create({ scheduleId, ...definition });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule
      .getHandle(scheduleId)
      .update((previous) => ({ ...definition, state: previous.state }) as ScheduleUpdateOptions);
  }
}

/** Starts a sweep now, outside the schedule; returns its workflow id. */
export async function startSweep(client: Client, config: Config, requestedBy: string): Promise<string> {
  const workflowId = `sweep/${config.tenant}-${new Date().toISOString()}`;
  await client.workflow.start('sweepEstate', {
    workflowId,
    taskQueue: taskQueues(config.temporal.taskQueuePrefix).orchestration,
    args: [sweepInput(config, requestedBy)],
    staticSummary: `Estate sweep of ${config.tenant}`,
  });
  return workflowId;
}
