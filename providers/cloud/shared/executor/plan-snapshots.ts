import type { ActionContext, CallScope, Session } from './context.ts';

/** What the evidence keeps of a snapshot. */
export type SnapshotSummary = Record<string, unknown>;

/** The copies one plan makes before it destroys: of every disk of `F`. All throw ProviderError, and Halt with the faults. */
export interface PlanSnapshots<S extends Session, C extends CallScope, F> {
  /** Creates them unless they exist, waits for every one, and verifies them. */
  ensure(ctx: ActionContext<S, C>, facts: F): Promise<readonly SnapshotSummary[]>;
  /** Re-verifies before destroying; nothing is created or waited for. */
  verified(ctx: ActionContext<S, C>, facts: F): Promise<readonly SnapshotSummary[]>;
  /** Every snapshot of the plan, whatever its state. */
  kept(ctx: ActionContext<S, C>): Promise<readonly SnapshotSummary[]>;
  /** For a person who has to build it again. */
  readonly instructions: string;
}
