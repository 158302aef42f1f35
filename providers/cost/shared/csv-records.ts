import { pipeline, type Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { textOf } from './text-of.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** One record before anything is checked. `line` is where it begins, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** A single record this long is an open quote, not a charge. */
const MAX_RECORD = 1_000_000;

interface WithInfo {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Records of a CSV stream, the header first, compressed or not, in UTF-8 or UTF-16, with any usual separator. Memory does not
 * grow with the file. The source is destroyed at the end.
 * @throws UnreadableFile at a broken quote, because where records end is a guess from there on
 */
export async function* recordsFrom(source: Readable): AsyncGenerator<CsvRecord> {
  const { content, separator } = await textOf(source);
  const parser = parse({
    delimiter: separator,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // An error would throw away the records that were read before it.
    skip_records_with_error: true,
    max_record_size: MAX_RECORD,
  });
  // Errors of any part end the iteration below; the callback only keeps them from being unhandled.
  pipeline(content, parser, () => undefined);
  let broken: { after: number; error: CsvError } | null = null;
  parser.on('skip', (error: CsvError) => {
    broken ??= { after: parser.info.records, error };
  });
  const checkBroken = (records: number, line: number) => {
    if (broken && records >= broken.after)
      throw new UnreadableFile(
        broken.error.message,
        'close the quote, and double quotes that belong to the text',
        line,
      );
  };
  let line = 1;
  let records = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<WithInfo>) {
      checkBroken(records, line);
      yield { line, values: record };
      line = info.lines + 1;
      records++;
    }
    checkBroken(records, line);
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    throw new UnreadableFile(
      `${code ?? 'error'}: ${message}`,
      'fetch the file again: it is damaged or cannot be opened',
      line,
      error,
    );
  } finally {
    source.destroy();
  }
}
