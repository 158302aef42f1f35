/** One queue per privilege: whoever polls a queue holds exactly the credentials its activities need. */
export interface TaskQueues {
  /** Workflow code only; no credentials at all. */
  readonly orchestration: string;
  /** CNAPP, cost, CMDB and cloud reads. */
  readonly read: string;
  /** The model's API key and nothing else. */
  readonly assess: string;
  /** Tickets and chat. */
  readonly notify: string;
  /** The scoped cloud identity. */
  readonly execute: string;
  /** The key that signs the trail's checkpoints. */
  readonly audit: string;
}

export type WorkerRole = keyof TaskQueues;

export const WORKER_ROLES = [
  'orchestration',
  'read',
  'assess',
  'notify',
  'execute',
  'audit',
] as const satisfies readonly WorkerRole[];

export function taskQueues(prefix: string): TaskQueues {
  return {
    orchestration: `${prefix}-orchestration`,
    read: `${prefix}-read`,
    assess: `${prefix}-assess`,
    notify: `${prefix}-notify`,
    execute: `${prefix}-execute`,
    audit: `${prefix}-audit`,
  };
}
