import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Decision, DecisionAnswer } from '../../schemas/decision.ts';
import type { Stage } from '../../schemas/outcome.ts';
import type {
  RemediateAssetInput,
  RemediateAssetResult,
  RemediationStatus,
  WaitPolicy,
} from '../../schemas/workflow-io.ts';
import { startTemporal } from './servers.ts';
import { type AllActivities, type Call, type Script, STOP, scripted } from './workflow-script.ts';

const WORKFLOWS = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
const QUIET = new DefaultLogger('ERROR', () => undefined);

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** The workflow code as a worker loads it; built once per process. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: QUIET });
  return bundle;
}

let installed = false;

/** Before anything else of the SDK: deliberate failures in tests are no news. */
export function quietRuntime(): void {
  if (!installed) Runtime.install({ logger: QUIET, telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
  installed = true;
}

export interface Rig {
  readonly client: Client;
  readonly native: NativeConnection;
  /** One worker for all runs that do not ask for their own; its activities find their script by the run's workflow id. */
  readonly shared: { readonly queue: string; readonly scripts: Map<string, AllActivities> };
  stop(): Promise<void>;
}

/** A real development server in memory with our search attributes. */
export async function startRig(): Promise<Rig> {
  quietRuntime();
  const [server] = await Promise.all([startTemporal(), workflowBundle()]);
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  const shared = { queue: 'shared', scripts: new Map<string, AllActivities>() };
  const worker = createWorkerControl(native, { queue: shared.queue, activities: byWorkflow(shared.scripts) });
  await worker.start();
  return {
    native,
    shared,
    client: new Client({ connection, identity: 'client' }),
    async stop() {
      await worker.stop();
      await native.close();
      await connection.close();
      await server.stop();
    },
  };
}

/** Activities that do what the script of the calling workflow says. */
function byWorkflow(scripts: ReadonlyMap<string, AllActivities>): object {
  const names = Object.keys(scripted({}, [])) as (keyof AllActivities)[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      (input: never) => {
        const script = scripts.get(activityInfo().workflowExecution?.workflowId ?? '');
        assert.ok(script, `no script for the caller of ${name}`);
        return (script[name] as (i: never) => Promise<unknown>)(input);
      },
    ]),
  );
}

/** Everything short enough to wait for, nothing short enough to happen by accident. */
export const WAITS: WaitPolicy = {
  reminder: 30_000,
  escalation: 40_000,
  expiry: 60_000,
  hold: 30_000,
  rescanPoll: 50,
  rescanDeadline: 2_000,
  billingLag: 10,
  billingDeadline: 1_000,
  ticketPoll: 50,
  executorHeartbeat: 10_000,
  executorStep: 20_000,
};

export type RemediationHandle = WorkflowHandleWithFirstExecutionRunId<
  (input: RemediateAssetInput) => Promise<RemediateAssetResult>
>;

export interface World {
  readonly calls: Call[];
  readonly handle: RemediationHandle;
  /** Inputs of every call of one activity, in order. */
  of(name: keyof AllActivities): Call['input'][];
  order(): string[];
  stage(stage: Stage): Promise<RemediationStatus>;
  decide(over?: Partial<Decision> & { by?: string }): Promise<DecisionAnswer>;
  decision(over?: Partial<Decision> & { by?: string }): Decision;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
}

let worlds = 0;

/**
 * One remediation with its own scripted activities, started. With `worker: 'own'` it has a worker for itself, which may be
 * stopped and started again and ends with the test; `'later'` is the same, not started yet.
 */
export async function remediation(
  rig: Rig,
  options: { script?: Script; waits?: Partial<WaitPolicy>; worker?: 'shared' | 'own' | 'later'; id?: string } = {},
): Promise<World & AsyncDisposable> {
  const number = ++worlds;
  const kind = options.worker ?? 'shared';
  const queue = kind === 'shared' ? rig.shared.queue : `own-${number}`;
  const remediationId = options.id ?? `remediate/test/asset-${number}/ec2-idle`;
  const calls: Call[] = [];
  const activities = scripted(options.script ?? {}, calls);
  if (kind === 'shared') rig.shared.scripts.set(remediationId, activities);
  const worker = createWorkerControl(rig.native, { queue, activities });
  if (kind === 'own') await worker.start();
  const handle = (await rig.client.workflow.start('remediateAsset', {
    workflowId: remediationId,
    taskQueue: queue,
    args: [remediationInput(remediationId, queue, options.waits)],
    staticSummary: 'web-1: ec2-idle',
  })) as RemediationHandle;

  const decision: World['decision'] = ({ by = 'ann', ...over } = {}) => ({
    decisionId: `d-${by}-${over.optionId ?? STOP.optionId}-${over.kind ?? 'approve'}`,
    approvalId: 'approval-1',
    remediationId,
    kind: 'approve',
    optionId: STOP.optionId,
    planDigest: STOP.planDigest,
    reason: null,
    snoozeUntil: null,
    actor: { subject: `${by}@example.com`, displayName: by, via: 'slack', externalId: `U-${by}` },
    decidedAt: new Date().toISOString(),
    ...over,
  });
  return {
    calls,
    handle,
    decision,
    of: (name) => calls.filter((c) => c.name === name).map((c) => c.input),
    order: () => calls.map((c) => (c.name === 'executeChange' ? `${c.name}:${c.input['step']}` : c.name)),
    stage: (stage) => untilStage(handle, stage),
    decide: (over) => {
      const sent = decision(over);
      return handle.executeUpdate<DecisionAnswer, [Decision]>('decide', { args: [sent], updateId: sent.decisionId });
    },
    startWorker: worker.start,
    stopWorker: worker.stop,
    [Symbol.asyncDispose]: worker.stop,
  };
}

export function remediationInput(
  remediationId: string,
  queue: string,
  waits: Partial<WaitPolicy> = {},
): RemediateAssetInput {
  return {
    tenant: 'test',
    remediationId,
    ruleId: 'ec2-idle',
    sweepId: 'sweep-1',
    queues: { read: queue, assess: queue, notify: queue, execute: queue },
    waits: { ...WAITS, ...waits },
    round: 1,
    asset: {
      assetKey: 'arn:aws:ec2:eu-west-1:111111111111:instance/i-0aaaaaaaaaaaaaaaa',
      provider: 'aws',
      accountId: '111111111111',
      region: 'eu-west-1',
      resourceType: 'AWS::EC2::Instance',
      resourceId: 'i-0aaaaaaaaaaaaaaaa',
      name: 'web-1',
      vendorId: 'wiz-1',
    },
  };
}

/** One worker for workflows and activities of a queue; may be stopped and started again. */
export function createWorkerControl(
  connection: NativeConnection,
  { queue, activities, cached = 20 }: { queue: string; activities: object; cached?: number },
): { start(): Promise<void>; stop(): Promise<void> } {
  let running: { worker: Worker; ended: Promise<void> } | null = null;
  return {
    async start() {
      const worker = await Worker.create({
        connection,
        taskQueue: queue,
        identity: 'worker',
        workflowBundle: await workflowBundle(),
        activities,
        maxCachedWorkflows: cached,
        shutdownGraceTime: 10,
      });
      running = { worker, ended: worker.run() };
    },
    async stop() {
      if (running === null) return;
      const { worker, ended } = running;
      running = null;
      worker.shutdown();
      await ended;
    },
  };
}

/** Asks again until `look` gives something, for ten seconds at most. */
export async function eventually<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(15)) {
    const found = await look();
    if (found !== null) return found;
  }
  assert.fail(`${what}: not within ten seconds`);
}

function untilStage(handle: RemediationHandle, stage: Stage): Promise<RemediationStatus> {
  return eventually(`stage ${stage}`, async () => {
    const status = await handle.query<RemediationStatus>('status');
    return status.stage === stage ? status : null;
  });
}
