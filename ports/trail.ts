import type { AuditEvent } from '../schemas/audit.ts';

/** What is read per (stream, seq): `after` < seq ≤ `upTo`. */
export interface Range {
  readonly stream: string;
  readonly after: number;
  readonly upTo: number;
}

export type Channel = 'logs' | 'events';

/** The parts of an audit event that telemetry needs. Types this version does not know are kept as they are. */
export type TrailEvent = Pick<AuditEvent, 'stream' | 'seq' | 'eventId' | 'at' | 'actor' | 'subject' | 'hash'> & {
  readonly type: string;
};

/** What was picked from a payload. */
export type Fields = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface TrailRow {
  readonly stream: string;
  readonly seq: number;
  /** Null when the stored row is malformed; `problem` then names the field. */
  readonly event: TrailEvent | null;
  readonly problem: string | null;
  readonly fields: Fields;
}

export interface TrailQuery {
  readonly ranges: readonly Range[];
  /** Only these types; null for all. */
  readonly types: readonly string[] | null;
  /** Types whose payload is looked at. */
  readonly wants: (type: string) => boolean;
  /** Picks from a payload at once, so that no evidence body is kept. Erased payloads are null and never get here. */
  readonly pick: (type: string, payload: unknown) => Fields;
}

/** How a channel is doing, kept between runs. */
export interface ChannelState {
  /** Attempts in a row that came to nothing. */
  readonly failures: number;
  /** No attempt before this instant. */
  readonly notBefore: string | null;
  readonly reason: string | null;
}

export type DeadLetterKind = 'refused' | 'rejected' | 'too-large' | 'partly-dropped' | 'malformed' | 'failing';

/** A batch that was put aside so that the rest can go on. It names the events; their content stays in the trail. */
export interface DeadLetter {
  readonly id: string;
  readonly vendor: string;
  readonly channel: Channel;
  readonly ranges: readonly Range[];
  readonly events: number;
  readonly kind: DeadLetterKind;
  readonly reason: string;
  /** HTTP status, when there was one. */
  readonly status: number | null;
  readonly firstAt: string;
  readonly attempts: number;
  readonly nextAttemptAt: string;
}

/** Counts of one stream, by metric and tags; amounts as decimal text. */
export type Tally = Readonly<Record<string, string>>;

export interface StreamTally {
  readonly stream: string;
  /** Everything up to here is counted. */
  readonly seq: number;
  readonly counts: Tally;
}

/**
 * The audit trail as telemetry reads it, and how far it has come. Reads only what a majority of the database has, so that
 * nothing is sent that a failover could take back. @throws ProviderError of provider `mongodb`.
 */
export interface TelemetryTrail {
  /** Last seq of every stream. */
  heads(): Promise<ReadonlyMap<string, number>>;
  /** In the order of the ranges, and by seq within each. */
  read(query: TrailQuery): Promise<readonly TrailRow[]>;

  cursors(vendor: string, channel: Channel): Promise<Map<string, number>>;
  /** Moves cursors forward, never back. */
  commit(vendor: string, channel: Channel, reached: ReadonlyMap<string, number>): Promise<void>;
  /** For a stream that is shorter than what was sent of it. */
  rewind(vendor: string, channel: Channel, to: ReadonlyMap<string, number>): Promise<void>;
  state(vendor: string, channel: Channel | 'metrics'): Promise<ChannelState>;
  setState(vendor: string, channel: Channel | 'metrics', state: ChannelState): Promise<void>;

  /** By id; parking the same batch again replaces the letter. */
  park(letter: DeadLetter): Promise<void>;
  unpark(id: string): Promise<void>;
  /** Oldest first. */
  parked(where: { vendor: string; channel: Channel; dueBy?: string; limit: number }): Promise<readonly DeadLetter[]>;
  parkedCount(vendor: string): Promise<number>;
  /** Makes every parked batch due now; returns how many. For people, after they have mended the cause. */
  release(vendor: string, now: string): Promise<number>;

  tallies(): Promise<ReadonlyMap<string, StreamTally>>;
  /** Replaces each stream's tally if it still stands at `before`; false when another was quicker somewhere. */
  fold(updates: readonly (StreamTally & { readonly before: number })[]): Promise<boolean>;
  /** When counting began here; `now` at the first call. */
  countingSince(now: string): Promise<string>;
  close(): Promise<void>;
}
