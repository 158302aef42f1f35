import type { EffectLog } from '../../ports/cloud.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { Trail } from '../shared/trail.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { OwnNotes } from './own-notes.ts';

/** Thrown between two steps when the kill switch was thrown: the executor parks or undoes, then stops. */
export class KillSwitchThrown extends ProviderError {
  constructor(by: string | null) {
    super({
      kind: 'terminal',
      provider: 'idlewise',
      operation: 'execute',
      message: `the kill switch was thrown by ${by ?? 'somebody'}; release it with \`idlewise kill-switch off\``,
    });
    this.name = 'KillSwitchThrown';
  }
}

export interface EffectLogDeps {
  readonly trail: Trail;
  readonly notes: OwnNotes;
  readonly killSwitch: () => Promise<{ on: boolean; by: string | null }>;
  readonly planDigest: string;
  /** `apply`, `complete` or `rollback`. */
  readonly phase: string;
  /** What the gates said when they let this phase begin. */
  readonly gate: () => Gate;
  readonly now: () => Date;
  readonly heartbeat: Pick<Heartbeat, 'progress' | 'assertCurrent'>;
}

/** By what right a phase was begun. */
export interface Gate {
  readonly decisionId: string;
  /** Digest of the request that the policies allowed. */
  readonly policyRequest: string;
}

/** The gate that an earlier attempt of this executor passed, as it noted it. */
export function gateOf(begun: Readonly<Record<string, unknown>>): Gate {
  return { decisionId: String(begun['decisionId']), policyRequest: String(begun['policyRequest']) };
}

/** Where it is noted that a phase has announced its first effect: from then on a retry must finish or find out. */
export const begunNote = (phase: string): string => `${phase}/begun`;

/** INTENT before and RESULT after every call to the cloud, keyed by plan and step so that a retry finds them. */
export function createEffectLog(deps: EffectLogDeps): EffectLog {
  const { trail, notes, killSwitch, planDigest, phase, heartbeat } = deps;
  let issued = 0;
  return {
    hasIntent: async (step) => (await notes.event('INTENT', step)) !== null,
    hasResult: async (step) => (await notes.event('RESULT', step)) !== null,
    async intentDetail(step) {
      const intent = await notes.event('INTENT', step);
      return (intent?.['detail'] as Record<string, unknown> | undefined) ?? null;
    },
    async intent(step, detail) {
      // With what is there now: an INTENT must never be without the state it may have to be undone to.
      if ((await notes.event('INTENT', step)) === null)
        await notes.addEvent('INTENT', step, { step, planDigest, ...deps.gate(), detail });
      // After the INTENT and before the call: while the trail refuses, nothing was announced, and the gates stay closed.
      await notes.setNote(begunNote(phase), { step, ...deps.gate(), at: deps.now().toISOString() });
    },
    result: (step, detail) => notes.addEvent('RESULT', step, { step, planDigest, ...detail }),
    credentialsIssued: (detail) =>
      trail.record('CRED_ISSUED', `${planDigest}/${String(detail['accessKeyId'] ?? ++issued)}`, detail),
    heartbeat: (progress) => heartbeat.progress(progress),
    async assertNotKilled() {
      heartbeat.assertCurrent();
      const state = await killSwitch();
      if (state.on) throw new KillSwitchThrown(state.by);
    },
  };
}
