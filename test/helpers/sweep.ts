import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { SweepEstateInput, SweepSummary } from '../../schemas/workflow-io.ts';
import { createWorkerControl, type Rig, WAITS } from './workflow.ts';
import { type AllActivities, type Call, type Script, scripted } from './workflow-script.ts';

export interface Sweep extends AsyncDisposable {
  readonly sweepId: string;
  readonly input: SweepEstateInput;
  readonly calls: Call[];
  readonly handle: WorkflowHandleWithFirstExecutionRunId<(input: SweepEstateInput) => Promise<SweepSummary>>;
  of(name: keyof AllActivities): Call['input'][];
}

let sweeps = 0;

/** One sweep of scripted pages on its own queue, started; the worker ends with the test. */
export async function startSweep(
  rig: Rig,
  options: { regions?: readonly string[]; input?: Partial<SweepEstateInput>; script?: Script },
): Promise<Sweep> {
  const queue = `sweep-${++sweeps}`;
  const sweepId = `sweep/test/${sweeps}`;
  const calls: Call[] = [];
  const worker = createWorkerControl(rig.native, { queue, activities: scripted(options.script ?? {}, calls) });
  await worker.start();
  const input: SweepEstateInput = {
    tenant: 'test',
    partitions: (options.regions ?? ['eu-west-1']).map((region) => ({ accountId: '111111111111', region })),
    pageSize: 10,
    pagesPerRun: 20,
    startsPerSweep: 5,
    maxConcurrentPartitions: 4,
    queues: { read: queue, assess: queue, notify: queue, execute: queue },
    waits: WAITS,
    ...options.input,
  };
  const handle = (await rig.client.workflow.start('sweepEstate', {
    workflowId: sweepId,
    taskQueue: queue,
    args: [input],
  })) as Sweep['handle'];
  return {
    sweepId,
    input,
    calls,
    handle,
    of: (name) => calls.filter((c) => c.name === name).map((c) => c.input),
    [Symbol.asyncDispose]: worker.stop,
  };
}
