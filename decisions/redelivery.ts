import type { Decision } from '../schemas/decision.ts';
import type { ChatAppDeps, Delivered, Log } from '../clients/chat/deps.ts';

export interface Outbox {
  /** Tells the workflow now; null when that failed and it will be tried again until it succeeds. */
  deliver(decision: Decision): Promise<Delivered | null>;
  /** Tells workflows everything recorded on open requests, in case the process died in between. */
  start(): Promise<void>;
  stop(): void;
}

/** Decisions are stored before the workflow hears of them; this closes the gap when it cannot be reached. */
export function createOutbox(
  deps: Pick<ChatAppDeps, 'store' | 'decide'> & { everyMs: number; log: Log; now: () => number },
): Outbox {
  const waiting = new Map<string, Decision>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  const attempt = async (decision: Decision): Promise<Delivered | null> => {
    try {
      const delivered = await deps.decide(decision);
      waiting.delete(decision.decisionId);
      return delivered;
    } catch (error) {
      waiting.set(decision.decisionId, decision);
      deps.log.warn({ decisionId: decision.decisionId, error: (error as Error).message }, 'workflow not told yet');
      return null;
    }
  };

  const again = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      for (const decision of [...waiting.values()]) {
        const approval = await deps.store.approvals.get(decision.approvalId).catch(() => undefined);
        // A request that closed meanwhile has its answer; telling it more would only be refused.
        if (approval && (approval.status !== 'open' || Date.parse(approval.expiresAt) <= deps.now()))
          waiting.delete(decision.decisionId);
        else await attempt(decision);
      }
    } finally {
      busy = false;
    }
  };

  return {
    deliver: attempt,
    start: async () => {
      timer = setInterval(() => void again(), deps.everyMs);
      timer.unref();
      try {
        for (const approval of await deps.store.approvals.open())
          for (const decision of await deps.store.approvals.decisionsOn(approval.approvalId))
            waiting.set(decision.decisionId, decision);
      } catch (error) {
        deps.log.warn({ error: (error as Error).message }, 'open requests could not be read at start');
      }
      void again();
    },
    stop: () => clearInterval(timer),
  };
}
