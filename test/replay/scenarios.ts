import { ApplicationFailure } from '@temporalio/common';
import { NO_COUNTS } from '../../domain/sweep-counts.ts';
import type { WaitPolicy } from '../../schemas/workflow-io.ts';
import { startSweep } from '../helpers/sweep.ts';
import { eventually, type Rig, remediation, type World } from '../helpers/workflow.ts';
import {
  assessed,
  executing,
  gathered,
  outsideFirst,
  type Script,
  STOP,
  step,
  TERMINATE,
  twoApprovers,
} from '../helpers/workflow-script.ts';

/** One run to record: its workflow and run, once it has ended. */
export interface Recorded {
  readonly workflowId: string;
  readonly runId?: string;
}

export type Scenario = (rig: Rig) => Promise<Recorded>;

const terminate = { optionId: TERMINATE.optionId, planDigest: TERMINATE.planDigest };

/** Every way a run can go that a change of the workflow code might break; file names are their keys. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  approved: path({}, async (run) => {
    await run.decide();
  }),
  'two-approvers': path({ script: { assessRisk: async () => twoApprovers() } }, async (run) => {
    await run.decide({ by: 'ann' });
    await run.decide({ by: 'ben' });
  }),
  rejected: path({}, async (run) => {
    await run.decide({ kind: 'reject', optionId: null, planDigest: null, reason: 'needed on Friday' });
  }),
  expired: path({ waits: { reminder: 50, escalation: 150, expiry: 300 }, asks: false }, async () => undefined),
  snoozed: path({}, async (run) => {
    const snoozeUntil = new Date(Date.now() + 300).toISOString();
    await run.decide({ kind: 'snooze', optionId: null, planDigest: null, snoozeUntil });
    await eventually('the second round', async () => {
      const status = await run.stage('awaiting-decision');
      return status.round === 2 ? status : null;
    });
    await run.decide({ approvalId: 'approval-2', decisionId: 'second' });
  }),
  'ticket-ended': path(
    { script: { watchTicket: async () => ({ endedBy: 'itil.manager', state: 'Closed' }) }, asks: false },
    async () => undefined,
  ),
  cancelled: path({}, async (run) => {
    await run.handle.cancel();
  }),
  automated: path(
    {
      script: {
        gatherContext: async () => gathered({ phase: 'automate' }),
        assessRisk: async () => assessed({ automation: { allowed: true, optionId: STOP.optionId, reasons: [] } }),
      },
      asks: false,
    },
    async () => undefined,
  ),
  observed: path(
    { script: { gatherContext: async () => gathered({ phase: 'observe' }) }, asks: false },
    async () => undefined,
  ),
  'by-signal': path({}, async (run) => {
    await run.stopWorker();
    await run.handle.signal('decision', run.decision());
    await run.startWorker();
  }),
  'blocked-by-drift': path(
    { script: executing({ apply: step('blocked-by-drift', 'drift:tags.env') }) },
    async (run) => {
      await run.decide();
    },
  ),
  'awaited-window': path({ script: outsideFirst({}) }, async (run) => {
    await run.decide();
  }),
  'called-off-window': path({ script: outsideFirst({ opensInMs: 3_600_000 }) }, async (run) => {
    await run.decide();
    await run.stage('awaiting-window');
    await run.handle.signal('withdraw', 'ann');
  }),
  'two-phase': path(
    { script: executing({ apply: step('prepared'), complete: step('applied') }), waits: { hold: 100 } },
    async (run) => {
      await run.decide(terminate);
    },
  ),
  withdrawn: path({ script: executing({ apply: step('prepared'), rollback: step('rolled-back') }) }, async (run) => {
    await run.decide(terminate);
    await run.stage('holding');
    await run.handle.signal('withdraw', 'ann');
  }),
  'rolled-back': path(
    {
      script: {
        ...executing({ apply: step('applied'), rollback: step('rolled-back') }),
        verifyChange: async () => ({ result: 'contradicted', reasons: ['cloud-state:running'], openIssueIds: [] }),
      },
    },
    async (run) => {
      await run.decide();
    },
  ),
  'needs-human': path(
    {
      script: {
        async executeChange() {
          throw ApplicationFailure.nonRetryable('the stored plan does not match its digest');
        },
      },
    },
    async (run) => {
      await run.decide();
    },
  ),
  'sweep-estate': async (rig) => {
    await using sweep = await startSweep(rig, { regions: ['eu-west-1', 'us-east-1'] });
    await sweep.handle.result();
    return { workflowId: sweep.sweepId };
  },
  'sweep-estate-continued': async (rig) => {
    await using sweep = await startSweep(rig, { regions: ['a', 'b', 'c'], input: { partitionsPerRun: 2 } });
    const runId = sweep.handle.firstExecutionRunId;
    await sweep.handle.result();
    return { workflowId: sweep.sweepId, runId };
  },
  'sweep-partition-continued': (rig) => partition(rig, 'CONTINUED_AS_NEW'),
  'sweep-partition-last': (rig) => partition(rig, 'COMPLETED'),
};

/** A remediation up to its decision, then what `act` does, then to its end. */
function path(
  options: { script?: Script; waits?: Partial<WaitPolicy>; asks?: boolean },
  act: (run: World) => Promise<void>,
): Scenario {
  return async (rig) => {
    const { script = {}, waits = {} } = options;
    await using run = await remediation(rig, { script, waits, worker: 'own' });
    if (options.asks !== false) await run.stage('awaiting-decision');
    await act(run);
    await run.handle.result();
    return { workflowId: run.handle.workflowId };
  };
}

/** One run of a partition that continued as new, and whose second page nobody can read. */
async function partition(rig: Rig, status: string): Promise<Recorded> {
  await using sweep = await startSweep(rig, {
    input: { pagesPerRun: 1 },
    script: {
      async scanPage({ page }) {
        if (page === 2) throw ApplicationFailure.nonRetryable('a page nobody can read');
        return { nextCursor: 'second', counts: { ...NO_COUNTS, scanned: 10 } };
      },
    },
  });
  await sweep.handle.result();
  const workflowId = `${sweep.sweepId}/111111111111/eu-west-1`;
  const runId = await eventually(`the ${status} run is listed`, async () => {
    for await (const run of rig.client.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
      if (run.status.name === status) return run.runId;
    return null;
  });
  return { workflowId, runId };
}
