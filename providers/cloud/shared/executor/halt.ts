import type { ActionResult } from '../../../../ports/cloud.ts';

type HaltResult = Extract<ActionResult, { reasons: readonly string[] }>['result'];

/** Ends an action with a reasoned "no". Thrown inside an action, turned into its result by `concluding`. */
export class Halt extends Error {
  readonly result: HaltResult;
  readonly reasons: readonly string[];
  readonly detail: Record<string, unknown>;

  constructor(result: HaltResult, reasons: readonly string[], detail: Record<string, unknown> = {}) {
    super(`${result}: ${reasons.join(', ')}`);
    this.name = 'Halt';
    this.result = result;
    this.reasons = reasons;
    this.detail = detail;
  }
}

/** The cloud definitely refused one mutating call: nothing happened, and asking again in the same way is pointless. */
export class CallRefused extends Error {
  readonly step: string;
  /** The cloud's own word. */
  readonly code: string;
  /** The identity may not do it. */
  readonly denied: boolean;

  constructor(step: string, refusal: { readonly code: string; readonly message: string; readonly denied: boolean }) {
    super(refusal.message);
    this.name = 'CallRefused';
    this.step = step;
    this.code = refusal.code;
    this.denied = refusal.denied;
  }

  /** `IncorrectInstanceState` → `incorrect_instance_state`; every kind of missing right is `unauthorised`. */
  get reason(): string {
    if (this.denied) return 'unauthorised';
    return this.code
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase();
  }
}
