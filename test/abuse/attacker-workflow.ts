import { proxyActivities } from '@temporalio/workflow';

/** Whoever reaches Temporal can run any activity of any queue: this is all it takes. */
export async function callActivity(call: { queue: string; name: string; args: unknown[] }): Promise<unknown> {
  const activities = proxyActivities<Record<string, (...args: unknown[]) => Promise<unknown>>>({
    taskQueue: call.queue,
    startToCloseTimeout: '2m',
    heartbeatTimeout: '20s',
    retry: { maximumAttempts: 1 },
  });
  return activities[call.name]?.(...call.args);
}
