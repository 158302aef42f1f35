import type { AuditLog } from '../ports/audit.ts';
import type { Verifier } from '../ports/signing.ts';
import { isSigned } from '../ports/statements.ts';
import type { Store } from '../ports/store.ts';
import type { Decision } from '../schemas/decision.ts';
import type { ApprovalRequest } from '../schemas/decision.ts';
import { decisionEventId, decisionsInTrail } from '../ports/decision-trail.ts';
import type { Deliver, Delivered, Log } from './types.ts';

/** How far a decision of the trail has come. */
export interface Finished {
  /** Null while the records do not answer. */
  readonly stored: 'recorded' | 'duplicate' | null;
  /** Null while the workflow could not be told. */
  readonly delivered: Delivered | null;
}

export interface Redelivery {
  /** Stores and delivers a decision that is in the trail. What fails is tried again until it succeeds or is pointless. */
  finish(decision: Decision): Promise<Finished>;
  /** Finishes whatever an earlier or another process left between the trail, the records and the workflow. */
  start(): Promise<void>;
  stop(): void;
}

export interface RedeliveryDeps {
  readonly store: Pick<Store, 'approvals' | 'remediations'>;
  readonly audit: Pick<AuditLog, 'has' | 'stream'>;
  readonly deliver: Deliver;
  /** An approval that nobody signed is told to no workflow, whoever wrote it into the trail. */
  readonly verifier: Verifier;
  readonly everyMs: number;
  /** How often open requests are looked through for decisions that another process left behind. */
  readonly searchEveryMs: number;
  readonly log: Log;
  readonly now: () => number;
}

/** Closes every gap behind the trail: each step is idempotent by decision id, so each is simply done again. */
export function createRedelivery(deps: RedeliveryDeps): Redelivery {
  const { approvals } = deps.store;
  const waiting = new Map<string, Decision>();
  /** Told by this process: a Signal each time would fill the history of a run that nobody works on. */
  const told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  let searchAt = 0;

  const finish = async (decision: Decision): Promise<Finished> => {
    let stored: Finished['stored'] = null;
    try {
      stored = await approvals.recordDecision(decision);
      const delivered = await deps.deliver(decision);
      waiting.delete(decision.decisionId);
      told.add(decision.decisionId);
      return { stored, delivered };
    } catch (error) {
      waiting.set(decision.decisionId, decision);
      const step = stored === null ? 'decision not stored yet' : 'workflow not told yet';
      deps.log.warn({ decisionId: decision.decisionId, error: (error as Error).message }, step);
      return { stored, delivered: null };
    }
  };

  const search = async (): Promise<void> => {
    for (const approval of await unfinished(deps.store))
      for (const decision of await decisionsOn(deps, approval))
        if (!told.has(decision.decisionId)) waiting.set(decision.decisionId, decision);
  };

  const again = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      if (deps.now() >= searchAt) {
        await search();
        searchAt = deps.now() + deps.searchEveryMs;
      }
      for (const decision of [...waiting.values()]) {
        const approval = await approvals.get(decision.approvalId).catch(() => undefined);
        if (approval && closed(approval, decision, deps.now())) {
          waiting.delete(decision.decisionId);
          deps.log.warn(
            { decisionId: decision.decisionId, status: approval.status },
            'decision came too late to count',
          );
        } else await finish(decision);
      }
    } catch (error) {
      deps.log.warn({ error: (error as Error).message }, 'open requests could not be read');
    } finally {
      busy = false;
    }
  };

  return {
    finish,
    start: async () => {
      timer = setInterval(() => void again(), deps.everyMs);
      timer.unref();
      void again();
    },
    stop: () => clearInterval(timer),
  };
}

/** Requests that wait for people, and those whose change can still be called off. */
async function unfinished(store: RedeliveryDeps['store']): Promise<readonly ApprovalRequest[]> {
  const open = await store.approvals.open();
  const held = (
    await Promise.all(['awaiting-window', 'holding'].map((stage) => store.remediations.list({ stage })))
  ).flat();
  const ids = held.flatMap((r) => (r.approvalId === null ? [] : [r.approvalId]));
  const more = await Promise.all(
    ids.filter((id) => open.every((a) => a.approvalId !== id)).map((id) => store.approvals.get(id)),
  );
  return [...open, ...more.filter((a) => a !== null)];
}

/** What the trail holds, whether stored or not. What is stored without being in the trail is nobody's decision. */
async function decisionsOn(deps: RedeliveryDeps, approval: ApprovalRequest): Promise<readonly Decision[]> {
  const trail = await decisionsInTrail(deps.audit, approval);
  const kept = await deps.store.approvals.decisionsOn(approval.approvalId);
  for (const { decisionId } of kept)
    if (!(await deps.audit.has(decisionEventId(decisionId))))
      deps.log.error({ decisionId }, 'a stored decision is not in the trail and does not count');
  return trail.filter((decision) => {
    if (decision.kind !== 'approve' || isSigned(decision, approval, deps.verifier)) return true;
    const { decisionId, actor } = decision;
    deps.log.error({ decisionId, subject: actor.subject }, 'an approval in the trail is not signed and does not count');
    return false;
  });
}

/** A request that closed meanwhile has its answer; telling it more would only be refused. */
function closed(approval: ApprovalRequest, decision: Decision, now: number): boolean {
  if (decision.kind === 'withdraw') return !['open', 'decided'].includes(approval.status);
  return approval.status !== 'open' || Date.parse(approval.expiresAt) <= now;
}
