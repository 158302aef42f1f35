import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvStreams } from './csv.ts';
import type { UnifiedRecord } from './record.ts';

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportTarget {
  readonly format: ExportFormat;
  /** A file appears only when it is complete. Null: standard output. */
  readonly file: string | null;
  readonly onRecord?: (count: number) => void;
}

/** Streams the records out and returns how many there were. */
export async function writeExport(records: AsyncIterable<UnifiedRecord>, target: ExportTarget): Promise<number> {
  const { format, file, onRecord } = target;
  let count = 0;
  async function* counted() {
    for await (const record of records) {
      yield record;
      count++;
      onRecord?.(count);
    }
  }
  const source = Readable.from(counted());
  const partial = file && `${file}.partial`;
  const sink = partial ? createWriteStream(partial, { mode: 0o600 }) : process.stdout;
  const end = { end: partial !== null };
  try {
    if (format === 'csv') {
      const [cells, text] = csvStreams();
      await pipeline(source, cells, text, sink, end);
    } else await pipeline(source, lines(), sink, end);
  } catch (error) {
    if (partial) await rm(partial, { force: true });
    throw error;
  }
  if (partial && file) await rename(partial, file);
  return count;
}

function lines(): Transform {
  return new Transform({
    writableObjectMode: true,
    transform: (record: UnifiedRecord, _encoding, done) => done(null, `${JSON.stringify(record)}\n`),
  });
}
