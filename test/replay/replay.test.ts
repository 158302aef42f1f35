import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type ReplayResult, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { historyFromPlain, type StoredHistory, storedHistories } from '../helpers/histories.ts';
import { quietRuntime, workflowBundle } from '../helpers/workflow.ts';
import { SCENARIOS } from './scenarios.ts';

const stored = storedHistories();
const results = new Map<string, Error | undefined>();

before(async () => {
  quietRuntime();
  for await (const { runId, error } of replay(stored, await workflowBundle())) results.set(runId, error);
});

function replay(
  histories: readonly StoredHistory[],
  workflowBundle: WorkflowBundleWithSourceMap,
): AsyncIterable<ReplayResult> {
  return Worker.runReplayHistories(
    { workflowBundle },
    histories.map(({ workflowId, history }) => ({ workflowId, history: historyFromPlain(history) })),
  );
}

for (const { file, runId } of stored)
  test(`${file} replays on the code as it is`, () => {
    assert.ok(results.has(runId), 'it was not replayed');
    assert.equal(results.get(runId), undefined);
  });

test('every path has a stored history, under a name that says its version', () => {
  const names = stored.map(({ file }) => /^(.+)\.v\d+\.json$/.exec(file)?.[1] ?? file);
  assert.deepEqual([...new Set(names)].sort(), Object.keys(SCENARIOS).sort());
});

test('a change in the order of two activities is found', async () => {
  const bundle = await workflowBundle();
  const approved = stored.filter(({ file }) => file.startsWith('approved.'));
  // The names of two activities change places in the history: as if the code had them the other way round.
  const text = JSON.stringify(approved);
  const swapped = text
    .replaceAll('"name":"gatherContext"', '"name":"X"')
    .replaceAll('"name":"assessRisk"', '"name":"gatherContext"')
    .replaceAll('"name":"X"', '"name":"assessRisk"');
  assert.notEqual(swapped, text);
  for await (const { error } of replay(JSON.parse(swapped) as StoredHistory[], bundle))
    assert.match(String(error), /[Nn]ondeterminism/);
});

test('no history names a folder of the machine it was recorded on', () => {
  for (const { file, history } of stored)
    assert.doesNotMatch(JSON.stringify(history), /\/(home|root|work|Users)\//, file);
});
