import type { EffectLog } from '../../ports/cloud.ts';
import { ProviderError } from '../../ports/errors.ts';
import type { CaseStore, SettingsStore } from '../../ports/store.ts';
import type { Trail } from '../shared/trail.ts';
import type { Heartbeat } from './heartbeat.ts';

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
  readonly settings: SettingsStore;
  readonly evidence: Pick<CaseStore, 'putEvidence' | 'getEvidence'>;
  readonly planDigest: string;
  /** `apply`, `complete` or `rollback`. */
  readonly phase: string;
  readonly heartbeat: Pick<Heartbeat, 'progress' | 'assertCurrent'>;
}

/** Where it is noted that a phase has announced its first effect: from then on a retry must finish or find out. */
export function begunKey(planDigest: string, phase: string): string {
  return `${planDigest}/${phase}/begun`;
}

/** INTENT before and RESULT after every call to the cloud, keyed by plan and step so that a retry finds them. */
export function createEffectLog({ trail, settings, evidence, planDigest, phase, heartbeat }: EffectLogDeps): EffectLog {
  const key = (step: string) => `${planDigest}/${step}`;
  let issued = 0;
  return {
    hasIntent: (step) => trail.has('INTENT', key(step)),
    hasResult: (step) => trail.has('RESULT', key(step)),
    intentDetail: (step) => evidence.getEvidence(`${key(step)}/intent`),
    async intent(step, detail) {
      if (!(await trail.has('INTENT', key(step)))) {
        // The detail first: an INTENT in the trail must never be without the state it may have to be undone to.
        await evidence.putEvidence(`${key(step)}/intent`, detail);
        await trail.record('INTENT', key(step), { step, planDigest, ...detail });
      }
      // After the INTENT and before the call: while the trail refuses, nothing was announced, and the gates stay closed.
      await evidence.putEvidence(begunKey(planDigest, phase), { step });
    },
    result: (step, detail) => trail.record('RESULT', key(step), { step, planDigest, ...detail }),
    credentialsIssued: (detail) =>
      trail.record('CRED_ISSUED', `${planDigest}/${String(detail['accessKeyId'] ?? ++issued)}`, detail),
    heartbeat: (progress) => heartbeat.progress(progress),
    async assertNotKilled() {
      heartbeat.assertCurrent();
      const state = await settings.killSwitch();
      if (state.on) throw new KillSwitchThrown(state.by);
    },
  };
}
