import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Config } from '../config/schema.ts';
import type { SecretsPort } from '../ports/secrets.ts';
import { taskQueues, type WorkerRole } from '../compose/task-queues.ts';

export interface WorkerParts {
  readonly config: Config;
  readonly secrets: SecretsPort;
  readonly role: WorkerRole;
  /** None for the orchestration role. */
  readonly activities?: object;
}

/** Slots by role: many waits on the network, but few changes to the cloud at a time. */
const ACTIVITY_SLOTS: Record<WorkerRole, number> = {
  orchestration: 0,
  read: 40,
  assess: 10,
  notify: 20,
  execute: 10,
  audit: 2,
};
const CACHED_WORKFLOWS = 400;
export const WORKFLOWS_PATH = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** One worker of one role on its own queue. Only the orchestration role loads workflow code; only it has no activities. */
export async function createWorker({ config, secrets, role, activities }: WorkerParts): Promise<Worker> {
  const { address, namespace, tls, apiKey, taskQueuePrefix } = config.temporal;
  const connection = await NativeConnection.connect({
    address,
    ...(tls || apiKey ? { tls: true } : {}),
    ...(apiKey ? { apiKey: await secrets.resolve(apiKey) } : {}),
  });
  const common: WorkerOptions = {
    connection,
    namespace,
    taskQueue: taskQueues(taskQueuePrefix)[role],
    identity: `${role}@${process.pid}`,
    shutdownGraceTime: '10s',
  };
  if (role === 'orchestration')
    return Worker.create({
      ...common,
      workflowsPath: WORKFLOWS_PATH,
      maxCachedWorkflows: CACHED_WORKFLOWS,
      workflowTaskPollerBehavior: { type: 'autoscaling' },
    });
  return Worker.create({
    ...common,
    activities: activities ?? {},
    maxConcurrentActivityTaskExecutions: ACTIVITY_SLOTS[role],
    activityTaskPollerBehavior: { type: 'autoscaling' },
    // Heartbeats carry the cancellation to a running change: pass them on at once.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
}
