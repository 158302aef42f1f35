import { createReadStream } from 'node:fs';
import { recordsFrom } from '../shared/csv-records.ts';
import type { Cell } from './values.ts';

export { UnreadableFile } from '../shared/unreadable-file.ts';

/** One record of a file before anything is checked. `line` is where it begins, counted from 1. */
export interface RawRecord {
  readonly line: number;
  readonly values: readonly Cell[];
}

/**
 * Records of a CSV file, compressed or not, in any encoding and with any separator, the header first.
 * @throws UnreadableFile at a broken quote, because where records end is a guess from there on.
 */
export function csvRecords(file: string): AsyncGenerator<RawRecord> {
  return recordsFrom(createReadStream(file));
}
