import { basename } from 'node:path';
import { focusFiles } from './files.ts';
import { type BillVersion, readFocusFile } from './read.ts';
import { UnreadableFile } from './records.ts';
import { createTally, type Tally } from './tally.ts';

/** What came of one file. `problem` is set when it is none, or broke off; what was read before counts. */
export interface ImportedFile {
  readonly file: string;
  readonly version: BillVersion | null;
  /** Mandatory columns that are not there and that nothing depends on. */
  readonly absentColumns: readonly string[];
  readonly rows: number;
  readonly problem: { readonly line: number | null; readonly found: string; readonly fix: string } | null;
}

export interface FocusImport extends Tally {
  readonly path: string;
  readonly files: readonly ImportedFile[];
  readonly passedOver: readonly { readonly file: string; readonly reason: string }[];
}

const PROGRESS_EVERY = 100_000;

/**
 * Reads a FOCUS file or a folder of them and says what is in it: rows, rejections, and totals to the last digit.
 * @throws Error when the path is not there
 */
export async function importFocus(path: string, onProgress?: (text: string) => void): Promise<FocusImport> {
  const { files, passedOver } = await focusFiles(path);
  const tally = createTally();
  const imported: ImportedFile[] = [];
  for (const file of files) {
    const seen: { -readonly [K in keyof ImportedFile]: ImportedFile[K] } = {
      file,
      version: null,
      absentColumns: [],
      rows: 0,
      problem: null,
    };
    imported.push(seen);
    try {
      for await (const event of readFocusFile(file)) {
        if (event.kind === 'header') {
          seen.version = event.version;
          seen.absentColumns = event.absent;
          continue;
        }
        tally.count(event, basename(file));
        seen.rows++;
        if (seen.rows % PROGRESS_EVERY === 0) onProgress?.(`${basename(file)}: ${seen.rows} rows so far`);
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      seen.problem = { line: error.line, found: error.message, fix: error.fix };
    }
  }
  return { path, files: imported, passedOver, ...tally.result() };
}
