import type { AuditEntry, AuditEvent } from '../schemas/audit.ts';

/** The tamper-evident trail. If `append` throws, the caller must not act. */
export interface AuditLog {
  /**
   * Appends durably (majority, journaled). Same eventId and same payload: returns the row already there.
   * Same eventId, other payload: throws ProviderError kind `terminal` (IDEMPOTENCY_MISMATCH).
   */
  append(entry: AuditEntry): Promise<AuditEvent>;
  /** True when a row with this eventId exists. */
  has(eventId: string): Promise<boolean>;
  /**
   * The event with its payload; `payload` is null when it was erased.
   * @throws ProviderError `malformed` when payload and event do not belong together: the row was changed
   */
  read(eventId: string): Promise<{ event: AuditEvent; payload: Record<string, unknown> | null } | null>;
  stream(stream: string): AsyncIterable<AuditEvent & { payload: Record<string, unknown> | null; salt: string | null }>;
  streams(): Promise<readonly string[]>;
  /** Verifies what was written since the last one, signs the heads of all streams and anchors the checkpoint outside the database. */
  checkpoint(at: string): Promise<{
    number: number;
    digest: string;
    /** Links that follow from nothing: nobody who appends through us wrote them, and nothing behind them is signed. */
    broken: readonly { stream: string; seq: number }[];
  }>;
}
