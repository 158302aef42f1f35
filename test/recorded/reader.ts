import type { RejectedRow } from '../../ports/rows.ts';
import type { RecordedFile } from './folder.ts';

/** What became of the rows of one body. */
export interface Outcome {
  readonly read: number;
  readonly rejected: readonly RejectedRow[];
  /** Rows that the product leaves out on purpose, such as what is deleted. */
  readonly leftOut?: number;
}

/** Gives bodies of one kind of endpoint to the code of the product that reads them. */
export interface RecordedReader {
  /** Which endpoints of the index; the first reader of a vendor that fits is asked. */
  readonly endpoint: RegExp;
  /**
   * Rows that stand in the body, counted here and not by the adapter. Null: the body is no answer of this endpoint
   * (an error, another kind of resource), so the adapter has to refuse it as a whole.
   */
  rows(body: unknown, file: RecordedFile): number | null;
  /** May throw ProviderError where `rows` is null. */
  read(body: unknown, file: RecordedFile): Outcome | Promise<Outcome>;
}

/** Files that nothing of ours reads. They are listed one by one, so that a file of a new kind is noticed. */
export interface Unread {
  readonly endpoint: RegExp;
  readonly why: string;
}

export interface VendorReaders {
  /** As the index spells it. */
  readonly vendor: string;
  readonly readers: readonly RecordedReader[];
  readonly unread: readonly Unread[];
}
