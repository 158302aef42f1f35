import type { DecimalText } from '../schemas/money.ts';

/** One audit event as it is sent: metadata and a few harmless fields, never the payload itself. */
export interface TelemetryRecord {
  /** The audit event's id. Delivery is at least once: whoever counts records counts these. */
  readonly id: string;
  /** When it happened, ISO-8601 UTC. */
  readonly at: string;
  readonly severity: 'info' | 'success' | 'warn' | 'error';
  /** `idlewise.` and the event's type in lower case, e.g. `idlewise.outcome`. */
  readonly name: string;
  readonly message: string;
  /** Flat, with dotted names that start with `idlewise.`. */
  readonly attributes: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/**
 * One measurement. A `total` only ever grows from what the trail holds: a lost point is made good by the next one, and a
 * point sent twice says the same. A `level` is how things are at `at`.
 */
export interface TelemetryPoint {
  readonly name: string;
  readonly description: string;
  readonly kind: 'total' | 'level';
  /** `1` for counts, `s`, or an ISO 4217 code. */
  readonly unit: string;
  /** Since when a total counts; the same in every point. */
  readonly since: string;
  readonly at: string;
  readonly value: DecimalText;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the vendor says it did with an accepted request. */
export interface Receipt {
  /** Items it dropped all the same; it does not say which. */
  readonly rejected: number;
  readonly reason: string | null;
}

export const ALL_TAKEN: Receipt = { rejected: 0, reason: null };

/** Most that one request of a kind may carry; `bytes` counts the records as JSON. */
export interface BatchLimit {
  readonly items: number;
  readonly bytes: number;
}

/**
 * Where telemetry goes. Each method resolves when the vendor has accepted the request, and retries nothing that the caller
 * could not know of. @throws ProviderError: `terminal` with status 400, 413 or 422 for what can never be taken as it
 * stands, `unauthorised` for 401 and 403, `retry-after` for 429, `unavailable` for everything that may pass.
 */
export interface TelemetrySink {
  readonly vendor: string;
  readonly limits: Readonly<Record<'logs' | 'events', BatchLimit>>;
  logs(records: readonly TelemetryRecord[]): Promise<Receipt>;
  /** Null where the vendor keeps no events apart from logs. One record per request. */
  readonly events: ((record: TelemetryRecord) => Promise<Receipt>) | null;
  metrics(points: readonly TelemetryPoint[]): Promise<Receipt>;
  /** One cheap request. @throws ProviderError `unauthorised` when the credentials are refused as such. */
  check(): Promise<string>;
}
