import type { EffectLog } from '../../../ports/cloud.ts';

export class Killed extends Error {}
export class Crash extends Error {}

export interface MemoryLog extends EffectLog {
  readonly intents: Map<string, Record<string, unknown>>;
  readonly results: Map<string, Record<string, unknown>>;
  readonly credentials: Record<string, unknown>[];
  /** The process dies when the RESULT of this step is about to be written; once. */
  crashBeforeResult: string | null;
  /** The process dies right after the INTENT of this step was written; once. */
  crashAfterIntent: string | null;
  /** Decides whether the kill switch is on at this look. */
  killed: (log: MemoryLog) => boolean;
}

/** An effect log that remembers, as the audit trail would: the first word for a step stands. */
export function memoryLog(): MemoryLog {
  const intents = new Map<string, Record<string, unknown>>();
  const results = new Map<string, Record<string, unknown>>();
  const credentials: Record<string, unknown>[] = [];
  const log: MemoryLog = {
    intents,
    results,
    credentials,
    crashBeforeResult: null,
    crashAfterIntent: null,
    killed: () => false,
    hasIntent: async (step) => intents.has(step),
    hasResult: async (step) => results.has(step),
    intentDetail: async (step) => intents.get(step) ?? null,
    async intent(step, detail) {
      if (!intents.has(step)) intents.set(step, structuredClone(detail));
      if (log.crashAfterIntent === step) {
        log.crashAfterIntent = null;
        throw new Crash(step);
      }
    },
    async result(step, detail) {
      if (log.crashBeforeResult === step) {
        log.crashBeforeResult = null;
        throw new Crash(step);
      }
      if (!results.has(step)) results.set(step, structuredClone(detail));
    },
    async credentialsIssued(detail) {
      credentials.push(detail);
    },
    heartbeat: () => undefined,
    async assertNotKilled() {
      if (log.killed(log)) throw new Killed('kill switch');
    },
  };
  return log;
}
