import { open } from 'node:fs/promises';
import { isParquet } from '../shared/text-of.ts';
import { canonicalColumn } from './columns.ts';
import { curVersionOf } from './cur-columns.ts';
import { csvRecords, UnreadableFile } from './records.ts';
import { textOf } from './values.ts';

/**
 * What a file is, by its content: a Parquet file, a bill as text (compressed or not), packed in a way that has to be undone
 * first, or something else. `table` is text with columns, but not those of a bill.
 */
export type FileKind = 'parquet' | 'bill' | 'packed' | 'table' | 'other';

/** @throws Error when the file cannot be opened */
export async function kindOf(file: string): Promise<FileKind> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (isParquet(buffer.subarray(0, bytesRead))) return 'parquet';
  } finally {
    await handle.close();
  }
  try {
    for await (const { values } of csvRecords(file)) {
      const names = values.map((value) => textOf(value) ?? '');
      if (curVersionOf(names) !== null || names.map(canonicalColumn).includes('ChargePeriodStart')) return 'bill';
      return names.length > 1 && !/^[[{<]/.test(names[0] ?? '') ? 'table' : 'other';
    }
    return 'other';
  } catch (error) {
    if (error instanceof UnreadableFile) return error.fix === 'unpack it first' ? 'packed' : 'other';
    throw error;
  }
}
