import { setTimeout as delay } from 'node:timers/promises';
import type { CloudFacts } from '../../schemas/cloud-facts.ts';
import type { Plan } from '../../schemas/option.ts';
import type { ActionResult, CloudExecutor, EffectLog, ExecutionIdentity } from '../../ports/cloud.ts';
import { sha256 } from '../../schemas/digest.ts';
import type { Handover, HandoverStatus, RoutingPort } from '../../ports/routing.ts';

export interface PipelineExecutorOptions {
  /** Looks and checks; its effects are never called. */
  readonly executor: CloudExecutor;
  readonly routing: RoutingPort;
  readonly pollMs: number;
  readonly deadlineMs: number;
  readonly sleep?: (ms: number) => Promise<unknown>;
  readonly clock?: () => number;
}

const SETTLE_LOOKS = 4;

/**
 * Makes a change by handing it to a pipeline, behind the same gates, INTENT and RESULT as our own executor. What the
 * pipeline says is only an input: verification reads the cloud afterwards as it always does.
 */
export function createPipelineExecutor(options: PipelineExecutorOptions): CloudExecutor {
  const { executor, routing, pollMs, deadlineMs, sleep = delay, clock = Date.now } = options;

  const handOver = async (plan: Plan, step: Handover['step'], log: EffectLog, identity: ExecutionIdentity) => {
    const handoverId = `idw-${sha256(`${identity.planDigest}/${step}`).slice(0, 32)}`;
    const name = `handover-${step}`;
    // Found first, whatever happened before: a dispatch has no key of its own, and its answer may have been lost.
    let status: HandoverStatus | null = await routing.find(handoverId);
    // With an INTENT from an earlier life the run may only be slow to show.
    for (let look = 1; status === null && look < SETTLE_LOOKS && (await log.hasIntent(name)); look++) {
      log.heartbeat('looking for the pipeline of an earlier attempt');
      await sleep(pollMs);
      status = await routing.find(handoverId);
    }
    if (status === null) {
      await log.assertNotKilled();
      await log.intent(name, { vendor: routing.vendor, handoverId, step });
      status = await routing.send(
        handoverOf(plan, { step, handoverId, identity, at: new Date(clock()).toISOString() }),
      );
    }
    const end = clock() + deadlineMs;
    while (status.state === 'pending' || status.state === 'running') {
      if (clock() >= end) return conclude(log, name, { ...status, state: 'timed-out' });
      log.heartbeat(`pipeline is ${status.state}`);
      await sleep(pollMs);
      status = (await routing.find(handoverId)) ?? status;
    }
    return conclude(log, name, status);
  };

  return {
    vendor: `${routing.vendor} pipeline`,
    describe: (asset) => executor.describe(asset),
    preflight: (plan, facts) => executor.preflight(plan, facts),
    async apply(plan, facts, log, identity) {
      const outcome = await handOver(plan, 'apply', log, identity);
      return resultOf(outcome, plan.reversibility === 'restorable' ? 'prepared' : 'applied', facts);
    },
    async complete(plan, facts, log, identity) {
      return resultOf(await handOver(plan, 'complete', log, identity), 'applied', facts);
    },
    async rollback(plan, facts, log, identity) {
      const outcome = await handOver(plan, 'rollback', log, identity);
      if (outcome.state !== 'succeeded') return resultOf(outcome, 'applied', facts);
      return { result: 'rolled-back', reasons: ['by-pipeline'], detail: { ...outcome } };
    },
  };
}

interface Ended {
  readonly state: string;
  readonly url: string | null;
}

async function conclude(log: EffectLog, step: string, ended: Ended): Promise<Ended> {
  await log.result(step, { state: ended.state, url: ended.url });
  return ended;
}

/** A pipeline that failed may have got half way: that is for a person to look at. */
function resultOf(ended: Ended, good: 'applied' | 'prepared', facts: CloudFacts | null): ActionResult {
  const detail = { pipeline: ended, before: facts };
  if (ended.state === 'succeeded') return { result: good, detail };
  return { result: 'needs-human', reasons: [`pipeline:${ended.state}`], detail };
}

function handoverOf(
  plan: Plan,
  q: { step: Handover['step']; handoverId: string; identity: ExecutionIdentity; at: string },
): Handover {
  return {
    version: 1,
    handoverId: q.handoverId,
    kind: 'change',
    step: q.step,
    remediationId: plan.remediationId,
    planDigest: q.identity.planDigest,
    decisionId: q.identity.decisionId,
    assetKey: plan.assetKey,
    accountId: plan.accountId,
    region: plan.region,
    action: plan.action,
    parameters: plan.parameters,
    stateDigest: plan.stateDigest,
    at: q.at,
  };
}

/** Sends the changes of some accounts to the pipeline, and makes the others itself. */
export function executorByRoute(
  own: CloudExecutor,
  pipeline: CloudExecutor,
  isRouted: (accountId: string) => boolean,
): CloudExecutor {
  const of = (plan: Plan) => (isRouted(plan.accountId) ? pipeline : own);
  return {
    vendor: `${own.vendor} or ${pipeline.vendor}`,
    describe: (asset) => own.describe(asset),
    preflight: (plan, facts) => own.preflight(plan, facts),
    apply: (plan, facts, log, identity) => of(plan).apply(plan, facts, log, identity),
    complete: (plan, facts, log, identity) => of(plan).complete(plan, facts, log, identity),
    rollback: (plan, facts, log, identity) => of(plan).rollback(plan, facts, log, identity),
  };
}
