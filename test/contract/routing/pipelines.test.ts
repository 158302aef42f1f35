import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Routing } from '../../../config/routing.ts';
import type { CloudExecutor, ExecutionIdentity } from '../../../ports/cloud.ts';
import { digestOf } from '../../../schemas/digest.ts';
import { isProviderError } from '../../../ports/errors.ts';
import { createGitHubRouting } from '../../../providers/routing/github/index.ts';
import { createGitLabRouting } from '../../../providers/routing/gitlab/index.ts';
import { createPipelineExecutor, executorByRoute } from '../../../providers/routing/pipeline-executor.ts';
import { Handover, type RoutingPort } from '../../../ports/routing.ts';
import { createPipelinesSimulator } from '../../../sandbox/pipelines/index.ts';
import { instanceFacts, planFor } from '../../unit/executor/facts.ts';
import { Crash, Killed, memoryLog } from '../executor/memory-log.ts';

/** What each pipeline is told to do; the payload it got is kept. */
let ends: 'success' | 'failure' | 'cancelled' = 'success';
const seen: Handover[] = [];
const simulator = createPipelinesSimulator({
  onRun: async (payload) => {
    seen.push(Handover.parse(JSON.parse(payload)));
    return ends;
  },
});
let base = '';
before(async () => {
  base = await simulator.start();
});
after(() => simulator.stop());

const secrets = (token: string) => ({ resolve: async () => token });
const config = () =>
  Routing.parse({
    vendor: 'github',
    github: { apiUrl: base, token: 'env:TOKEN', repository: 'acme/platform' },
    gitlab: { apiUrl: `${base}/api/v4`, token: 'env:TOKEN', project: '4711' },
  });
const VENDORS: Record<string, (token?: string) => RoutingPort> = {
  github: (token = 'pipeline-token') =>
    createGitHubRouting({ config: config().github as never, secrets: secrets(token), timeoutMs: 2000 }),
  gitlab: (token = 'pipeline-token') =>
    createGitLabRouting({ config: config().gitlab as never, secrets: secrets(token), timeoutMs: 2000 }),
};

const never = async (): Promise<never> => {
  throw new Error('our own executor must not act on a routed account');
};
const own: CloudExecutor = {
  vendor: 'own',
  describe: async () => instanceFacts(),
  preflight: async () => [],
  apply: never,
  complete: never,
  rollback: never,
};

let n = 0;
function approved(action: 'stop-instance' | 'snapshot-and-terminate-instance' = 'stop-instance') {
  const facts = instanceFacts();
  const restorable = action === 'snapshot-and-terminate-instance';
  const plan = {
    ...planFor(action, facts),
    remediationId: `remediate/test/${++n}`,
    reversibility: restorable ? ('restorable' as const) : ('reversible' as const),
  };
  const identity: ExecutionIdentity = {
    decisionId: 'dec-1',
    remediationId: plan.remediationId,
    planDigest: digestOf(plan),
  };
  return { facts, plan, identity };
}

for (const [vendor, create] of Object.entries(VENDORS)) {
  const executor = (routing = create(), deadlineMs = 5000) =>
    createPipelineExecutor({ executor: own, routing, pollMs: 15, deadlineMs });
  const runsOf = (remediationId: string) =>
    simulator.runs.filter((r) => r.vendor === vendor && r.payload.includes(`"${remediationId}"`));

  describe(vendor, () => {
    it('hands an approved change over with its digests, and waits for its end', async () => {
      ends = 'success';
      const { plan, facts, identity } = approved();
      const log = memoryLog();
      const outcome = await executor().apply(plan, facts, log, identity);
      assert.equal(outcome.result, 'applied');
      const got = seen.at(-1);
      assert.deepEqual(
        [got?.planDigest, got?.stateDigest, got?.decisionId, got?.kind],
        [identity.planDigest, plan.stateDigest, 'dec-1', 'change'],
      );
      assert.deepEqual([...log.intents.keys()], [...log.results.keys()]);
    });

    it('starts one run, however often and wherever it is interrupted', async () => {
      ends = 'success';
      for (const crash of ['crashAfterIntent', 'crashBeforeResult'] as const) {
        const { plan, facts, identity } = approved();
        const log = memoryLog();
        log[crash] = 'handover-apply';
        await assert.rejects(executor().apply(plan, facts, log, identity), Crash);
        assert.equal((await executor().apply(plan, facts, log, identity)).result, 'applied');
        assert.equal(runsOf(plan.remediationId).length, 1, crash);
      }
    });

    it('finds the run again when the answer to the dispatch was lost', async () => {
      ends = 'success';
      const { plan, facts, identity } = approved();
      const log = memoryLog();
      const path = vendor === 'github' ? '/dispatches' : '/pipeline';
      simulator.faults.push({ path, body: plan.remediationId, kind: 'reset-after-effect', times: 1 });
      await assert.rejects(executor().apply(plan, facts, log, identity), (e) => isProviderError(e, 'unavailable'));
      assert.equal((await executor().apply(plan, facts, log, identity)).result, 'applied');
      assert.equal(runsOf(plan.remediationId).length, 1);
    });

    it('a run that fails, is cancelled or never ends is for a person', async () => {
      for (const end of ['failure', 'cancelled'] as const) {
        ends = end;
        const { plan, facts, identity } = approved();
        const outcome = await executor().apply(plan, facts, memoryLog(), identity);
        assert.deepEqual(
          [outcome.result, 'reasons' in outcome && outcome.reasons],
          ['needs-human', [`pipeline:${end === 'failure' ? 'failed' : 'cancelled'}`]],
        );
      }
      const { plan, facts, identity } = approved();
      const outcome = await executor(create(), 0).apply(plan, facts, memoryLog(), identity);
      assert.deepEqual('reasons' in outcome && outcome.reasons, ['pipeline:timed-out']);
    });

    it('the two phases of a destructive plan are two runs, and the first only prepares', async () => {
      ends = 'success';
      const { plan, facts, identity } = approved('snapshot-and-terminate-instance');
      const log = memoryLog();
      assert.equal((await executor().apply(plan, facts, log, identity)).result, 'prepared');
      assert.equal((await executor().complete(plan, facts, log, identity)).result, 'applied');
      assert.deepEqual(
        runsOf(plan.remediationId).map((r) => Handover.parse(JSON.parse(r.payload)).step),
        ['apply', 'complete'],
      );
    });

    it('the kill switch stops a handover before it is sent', async () => {
      const { plan, facts, identity } = approved();
      const log = memoryLog();
      log.killed = () => true;
      await assert.rejects(executor().apply(plan, facts, log, identity), Killed);
      assert.equal(runsOf(plan.remediationId).length, 0);
    });

    it('a refused token and a rate limit are told apart, and name what to mend', async () => {
      await assert.rejects(
        create('wrong').find('idw-x'),
        (e) => isProviderError(e, 'unauthorised') && /give the token/.test(e.message),
      );
      simulator.faults.push({ kind: 'rate-limited', retryAfter: 7, times: 1 });
      await assert.rejects(create().find('idw-x'), (e) => isProviderError(e, 'retry-after') && e.retryAfterMs === 7000);
      assert.match(await create().check(), /can be seen/);
    });
  });
}

it('only the named accounts are routed', async () => {
  const pipeline: CloudExecutor = { ...own, vendor: 'p', apply: async () => ({ result: 'applied', detail: {} }) };
  const both = executorByRoute(own, pipeline, (accountId) => accountId === '111111111111');
  const { plan, facts, identity } = approved();
  assert.equal((await both.apply(plan, facts, memoryLog(), identity)).result, 'applied');
  await assert.rejects(
    both.apply({ ...plan, accountId: '222222222222' }, facts, memoryLog(), identity),
    /must not act/,
  );
});
