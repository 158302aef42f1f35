import type { Directory } from '../../ports/directory.ts';
import type { PolicyPort } from '../../ports/policy.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Store } from '../../ports/store.ts';
import type { Decision, DecisionAnswer } from '../../schemas/decision.ts';

/** How the workflow was told: by Update, with its answer, or by Signal, which waits for a worker. */
export interface Delivered {
  readonly via: 'update' | 'signal';
  readonly answer: DecisionAnswer | null;
}

export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

export interface ChatAppTimes {
  /** Seconds a request's timestamp may be off, either way. @default 300 */
  readonly maxSkewSeconds?: number;
  /** How long a request is remembered against replay. @default 900000 */
  readonly replayMemoryMs?: number;
  /** Pause between attempts to tell a workflow that could not be reached. @default 15000 */
  readonly redeliverEveryMs?: number;
}

/** What the process that people talk to is made from, whichever chat system they use. */
export interface ChatAppDeps {
  readonly secrets: SecretsPort;
  readonly store: Pick<Store, 'approvals' | 'assets' | 'cache' | 'check'>;
  readonly audit: AuditLog;
  readonly policy: Pick<PolicyPort, 'decideHuman'>;
  readonly directory: Directory;
  /** Tells the workflow. Called only with a decision that is already stored; idempotent by decision id. */
  readonly decide: (decision: Decision) => Promise<Delivered>;
  readonly now?: () => number;
  readonly log?: Log;
  readonly times?: ChatAppTimes;
}

/** The running process. */
export interface ChatApp {
  /** Listens on `config.host`; port 0 picks a free one. @default config.port */
  start(port?: number): Promise<string>;
  /** Stops listening and waits for interactions that are being worked on. */
  stop(): Promise<void>;
  /** Base URL once started. */
  readonly url: string;
}
