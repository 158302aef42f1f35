import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { NO_COUNTS } from '../../domain/sweep-counts.ts';
import type { SweepEstateInput, SweepSummary } from '../../schemas/workflow-io.ts';
import { startSweep } from '../helpers/sweep.ts';
import { eventually, type Rig, startRig } from '../helpers/workflow.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

const page = (over: Partial<typeof NO_COUNTS>) => ({ ...NO_COUNTS, ...over });

test('a partition goes page by page, continues as new by cursor, and keeps its counts', async () => {
  await using sweep = await startSweep(rig, {
    input: { pagesPerRun: 2 },
    script: {
      scanPage: async (input) => ({
        nextCursor: input.page < 5 ? `cursor-${input.page}` : null,
        counts: page({ scanned: 10, idle: 1 }),
      }),
    },
  });
  const summary = await sweep.handle.result();
  assert.deepEqual([summary.counts.scanned, summary.counts.idle], [50, 5]);
  assert.deepEqual(
    sweep.of('scanPage').map((i) => [i['page'], i['cursor']]),
    [
      [1, null],
      [2, 'cursor-1'],
      [3, 'cursor-2'],
      [4, 'cursor-3'],
      [5, 'cursor-4'],
    ],
  );
  const query = `WorkflowId = "${sweep.sweepId}/111111111111/eu-west-1"`;
  const runs = await eventually('all three runs are listed', async () => {
    const found: string[] = [];
    for await (const run of rig.client.workflow.list({ query })) found.push(run.status.name);
    return found.length === 3 && !found.includes('RUNNING') ? found : null;
  });
  assert.deepEqual(runs.sort(), ['COMPLETED', 'CONTINUED_AS_NEW', 'CONTINUED_AS_NEW']);
});

test('a page that keeps failing is counted and named; the other partitions go on', async () => {
  await using sweep = await startSweep(rig, {
    regions: ['eu-west-1', 'us-east-1'],
    script: {
      async scanPage({ region }) {
        if (region === 'us-east-1') throw ApplicationFailure.nonRetryable('a page nobody can read');
        return { nextCursor: null, counts: page({ scanned: 3, idle: 2 }) };
      },
    },
  });
  const summary = await sweep.handle.result();
  assert.deepEqual(summary.partitionsFailed, ['111111111111/us-east-1']);
  assert.deepEqual([summary.counts.scanned, summary.counts.failedPages], [3, 1]);
  assert.equal(sweep.of('startRemediations').length, 1);
});

test('remediations are started once, after every partition, within the budget', async () => {
  await using sweep = await startSweep(rig, {
    regions: ['eu-west-1', 'us-east-1', 'eu-central-1'],
    input: { startsPerSweep: 7 },
  });
  const summary = await sweep.handle.result();
  const names = sweep.calls.map((c) => c.name);
  assert.equal(names[0], 'beginSweep');
  assert.equal(names.at(-1), 'startRemediations');
  const [started, ...more] = sweep.of('startRemediations');
  assert.deepEqual(more, []);
  assert.deepEqual([started?.['limit'], started?.['sweepId']], [7, sweep.sweepId]);
  assert.deepEqual([summary.counts.scanned, summary.counts.started], [3, 7]);
});

test('partitions run beside each other, but not more than allowed', async () => {
  let now = 0;
  let most = 0;
  const together = Promise.withResolvers<void>();
  await using sweep = await startSweep(rig, {
    regions: ['a', 'b', 'c', 'd', 'e'],
    input: { maxConcurrentPartitions: 2 },
    script: {
      async scanPage() {
        most = Math.max(most, ++now);
        if (now === 2) together.resolve();
        // The first waits until a second is there: were they one after the other, this would never end.
        await together.promise;
        now--;
        return { nextCursor: null, counts: page({ scanned: 1 }) };
      },
    },
  });
  assert.equal((await sweep.handle.result()).counts.scanned, 5);
  assert.equal(most, 2);
});

test('progress can be asked for while it runs, of the sweep and of one partition', async () => {
  const release = Promise.withResolvers<void>();
  await using sweep = await startSweep(rig, {
    regions: ['eu-west-1', 'us-east-1'],
    script: {
      async scanPage({ region, page: n }) {
        if (region === 'us-east-1' && n === 2) await release.promise;
        return { nextCursor: region === 'us-east-1' && n === 1 ? 'more' : null, counts: page({ scanned: 4 }) };
      },
    },
  });
  const asked = (workflowId: string) =>
    eventually(`progress of ${workflowId}`, async () => {
      const summary = await rig.client.workflow.getHandle(workflowId).query<SweepSummary>('progress');
      return summary.counts.scanned === 4 ? summary : null;
    });
  await asked(sweep.sweepId);
  await asked(`${sweep.sweepId}/111111111111/us-east-1`);
  release.resolve();
  assert.equal((await sweep.handle.result()).counts.scanned, 12);
});

test('cancelling a sweep cancels its partitions and starts nothing', async () => {
  const scanning = Promise.withResolvers<void>();
  const never = Promise.withResolvers<never>();
  await using sweep = await startSweep(rig, {
    script: {
      scanPage() {
        scanning.resolve();
        return never.promise;
      },
    },
  });
  await scanning.promise;
  await sweep.handle.cancel();
  await assert.rejects(sweep.handle.result(), /cancelled/);
  assert.deepEqual(sweep.of('startRemediations'), []);
  never.reject(new Error('the test is over'));
  const partition = rig.client.workflow.getHandle(`${sweep.sweepId}/111111111111/eu-west-1`);
  assert.equal((await partition.describe()).status.name, 'CANCELLED');
});

test('the input of a sweep is what the schema says', async () => {
  const { SweepEstateInput: Shape } = await import('../../schemas/workflow-io.ts');
  await using sweep = await startSweep(rig, {});
  const input: SweepEstateInput = sweep.input;
  assert.deepEqual(Shape.parse(input), input);
  await sweep.handle.result();
});

test('a large estate continues as new with what was counted, begins once and starts the best of all once', async () => {
  const regions = Array.from({ length: 60 }, (_, i) => `region-${i}`);
  await using sweep = await startSweep(rig, {
    regions,
    input: { partitionsPerRun: 25 },
    script: {
      async scanPage({ region }) {
        if (region === 'region-3') throw ApplicationFailure.nonRetryable('a page nobody can read');
        return { nextCursor: null, counts: page({ scanned: 2, idle: 1 }) };
      },
    },
  });
  const summary = await sweep.handle.result();
  assert.equal(summary.sweepId, sweep.sweepId);
  assert.deepEqual([summary.counts.scanned, summary.counts.idle, summary.counts.failedPages], [118, 59, 1]);
  assert.deepEqual(summary.partitionsFailed, ['111111111111/region-3']);
  assert.deepEqual(
    sweep
      .of('scanPage')
      .map((i) => String(i['region']))
      .sort(),
    [...regions].sort(),
  );
  assert.equal(sweep.of('beginSweep').length, 1);
  assert.equal(sweep.of('startRemediations').length, 1);
  const query = `WorkflowId = "${sweep.sweepId}"`;
  const runs = await eventually('all three runs are listed', async () => {
    const found: { runId: string; status: string; events: number }[] = [];
    for await (const run of rig.client.workflow.list({ query }))
      found.push({ runId: run.runId, status: run.status.name, events: run.historyLength });
    return found.length === 3 && found.every((run) => run.status !== 'RUNNING') ? found : null;
  });
  assert.deepEqual(runs.map((run) => run.status).sort(), ['COMPLETED', 'CONTINUED_AS_NEW', 'CONTINUED_AS_NEW']);
  // What a run of the default five hundred partitions leaves behind stays far below the server's limit of 51,200.
  const perPartition = Math.max(...runs.map((run) => run.events)) / 25;
  assert.ok(perPartition * 500 < 10_000, `${perPartition} events a partition`);
});

test('more partitions than one run takes are one sweep', async (t) => {
  const regions = Array.from({ length: 1_100 }, (_, i) => `r-${i}`);
  await using sweep = await startSweep(rig, {
    regions,
    input: { maxConcurrentPartitions: 100 },
    script: { scanPage: async () => ({ nextCursor: null, counts: page({ scanned: 1 }) }) },
  });
  const summary = await sweep.handle.result();
  assert.equal(summary.counts.scanned, 1_100);
  assert.equal(summary.partitionsFailed.length, 0);
  // The last run holds the last hundred; each of its forerunners held five hundred.
  const { historyLength } = await rig.client.workflow.getHandle(sweep.sweepId).describe();
  t.diagnostic(`the last hundred of 1,100 partitions: ${historyLength} events`);
  assert.ok(historyLength < 1_500);
});

test('a sweep that is cancelled while it has partitions left starts no other run of itself', async () => {
  const scanning = Promise.withResolvers<void>();
  const never = Promise.withResolvers<never>();
  await using sweep = await startSweep(rig, {
    regions: Array.from({ length: 9 }, (_, i) => `left-${i}`),
    input: { partitionsPerRun: 3 },
    script: {
      scanPage() {
        scanning.resolve();
        return never.promise;
      },
    },
  });
  await scanning.promise;
  await sweep.handle.cancel();
  await assert.rejects(sweep.handle.result(), /cancelled/);
  assert.deepEqual(sweep.of('startRemediations'), []);
  const { status } = await rig.client.workflow.getHandle(sweep.sweepId).describe();
  assert.equal(status.name, 'CANCELLED');
  never.reject(new Error('the test is over'));
});
