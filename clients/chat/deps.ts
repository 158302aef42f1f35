import type { Directory } from '../../ports/directory.ts';
import type { PolicyPort } from '../../ports/policy.ts';
import type { SecretsPort } from '../../ports/secrets.ts';
import type { Signer, Verifier } from '../../ports/signing.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Store } from '../../ports/store.ts';
import type { Deliver, Log } from '../../decisions/types.ts';

export interface ChatAppTimes {
  /** Seconds a request's timestamp may be off, either way. @default 300 */
  readonly maxSkewSeconds?: number;
  /** How long a request is remembered against replay. @default 900000 */
  readonly replayMemoryMs?: number;
  /** Pause between attempts to finish a decision that is in the trail only. @default 15000 */
  readonly redeliverEveryMs?: number;
}

/** What the process that people talk to is made from, whichever chat system they use. */
export interface ChatAppDeps {
  readonly secrets: SecretsPort;
  readonly store: Pick<Store, 'approvals' | 'assets' | 'remediations' | 'cache' | 'check'>;
  readonly audit: AuditLog;
  readonly policy: Pick<PolicyPort, 'decideHuman'>;
  readonly directory: Directory;
  /** Tells the workflow. Called only with a decision that is in the trail and stored; idempotent by decision id. */
  readonly deliver: Deliver;
  /** The key with which this app signs what the people it authenticated decide. */
  readonly signer: Signer;
  readonly verifier: Verifier;
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
