import type { PastCase } from '../../schemas/memory.ts';

/** What made a vector. Vectors of different spaces are never compared, whatever their length. */
export interface Space {
  readonly model: string;
  readonly dim: number;
  readonly version: number;
}

export interface Embedded extends Space {
  readonly vector: Float32Array;
}

export interface NewRecord {
  readonly id: string;
  readonly kind: 'case' | 'rejection' | 'guidance' | 'policy';
  readonly text: string;
  readonly embedded: Embedded;
  /** Null for guidance: its words and effects come from the file alone, and only its vector is kept. */
  readonly past: PastCase | null;
  /** Null: never. */
  readonly expiresOn: Date | null;
}

/** As read back: everything but `id` is what the database says, and is checked before it is used. */
export interface StoredRecord {
  readonly id: string;
  readonly kind: string;
  readonly past: unknown;
  /** Null when it is not there, or is not as long as it says. */
  readonly embedded: Embedded | null;
  readonly expiresOn: Date | null;
  readonly changedOn: Date;
}

/** The collection `memory`, seen by one tenant: every query names the tenant itself. @throws ProviderError */
export interface MemoryRecords {
  /** By id; a repeat replaces, unless only what is missing is wanted. */
  put(records: readonly NewRecord[], options?: { readonly onlyMissing?: boolean }): Promise<void>;
  /** Guidance that is in the file no more. */
  dropGuidanceBut(ids: readonly string[]): Promise<void>;
  /** Written since then, oldest first; the vectors only of the space named. */
  changedSince(since: Date | null, space: Space | null): AsyncIterable<StoredRecord>;
  /** The next ones, by id, whose vector is of another space. */
  ofOtherSpace(space: Space, after: string | null, limit: number): Promise<readonly StoredRecord[]>;
  countOfOtherSpace(space: Space): Promise<number>;
  /** Replaces vector and text unless the record was written again meanwhile. */
  replaceVector(record: StoredRecord, change: { text: string; embedded: Embedded }): Promise<void>;
  /** The deployment has vector search and the index that is configured. */
  searches(): Promise<boolean>;
  /** Nearest ids of one kind of asset, best first; null where the deployment does not search. */
  nearest(question: VectorQuestion): Promise<readonly string[] | null>;
  /** Made once per tenant. */
  salt(): Promise<string>;
  check(): Promise<string>;
  close(): Promise<void>;
}

export interface VectorQuestion extends Embedded {
  /** Resource kind. */
  readonly class: string;
  readonly limit: number;
  readonly asOf: Date;
}
