import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Answers of real systems beside the project. They are not part of it: without them the suite says "not run". */
const FOLDER = new URL('../../../shared/data/recorded/', import.meta.url);

/** One file of the folder, as `INDEX.tsv` describes it. */
export interface RecordedFile {
  /** Relative to the folder. */
  readonly file: string;
  readonly vendor: string;
  /** Method and path, or the name of the action; ` -> 404` after it when the answer was an error. */
  readonly endpoint: string;
  /** `recorded`, `official-sample` or `invented-by-third-party`. */
  readonly kind: string;
}

/** Why the suite cannot run here; false when it can. */
export const notRun: string | false = existsSync(new URL('INDEX.tsv', FOLDER))
  ? false
  : 'not run: there is no ../shared/data/recorded';

export function recordedFiles(): readonly RecordedFile[] {
  const [head = '', ...lines] = readFileSync(new URL('INDEX.tsv', FOLDER), 'utf8').split('\n').filter(Boolean);
  const names = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    return { file: cell('file'), vendor: cell('vendor'), endpoint: cell('endpoint'), kind: cell('kind') };
  });
}

export function pathOf({ file }: Pick<RecordedFile, 'file'>): string {
  return fileURLToPath(new URL(file, FOLDER));
}

/** JSON as value, everything else as text. */
export function bodyOf({ file }: Pick<RecordedFile, 'file'>): unknown {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  return file.endsWith('.json') ? (JSON.parse(text) as unknown) : text;
}
