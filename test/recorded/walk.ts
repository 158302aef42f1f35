import type { RejectedRow } from '../../ports/rows.ts';
import { isProviderError } from '../../ports/errors.ts';
import type { RecordedFile } from './folder.ts';
import type { RecordedReader, VendorReaders } from './reader.ts';

/** What the walk says of one file. */
export interface Walked extends RecordedFile {
  readonly rows: number;
  readonly read: number;
  readonly refused: number;
  readonly leftOut: number;
  /** Why rows were refused, or why nothing reads this file. */
  readonly why: readonly string[];
  readonly readBy: 'adapter' | 'nothing';
  /** What must not be: a row without a trace, an answer lost over one row, a refusal without a reason. */
  readonly faults: readonly string[];
}

type Count = Pick<Walked, 'rows' | 'read' | 'refused' | 'leftOut' | 'why' | 'faults'>;

/** Gives every file to the reader of its endpoint. */
export async function walk(
  files: readonly RecordedFile[],
  vendors: readonly VendorReaders[],
  bodyOf: (file: RecordedFile) => unknown,
): Promise<readonly Walked[]> {
  const walked: Walked[] = [];
  for (const file of files) walked.push(await walkOne(file, vendors, bodyOf));
  return walked;
}

async function walkOne(
  file: RecordedFile,
  vendors: readonly VendorReaders[],
  bodyOf: (file: RecordedFile) => unknown,
): Promise<Walked> {
  const of = vendors.find(({ vendor }) => vendor === file.vendor);
  const reader = of?.readers.find(({ endpoint }) => endpoint.test(file.endpoint));
  if (reader) return { ...file, readBy: 'adapter', ...(await counted(file, reader, bodyOf(file))) };
  const unread = of?.unread.find(({ endpoint }) => endpoint.test(file.endpoint));
  const nothing = { ...file, readBy: 'nothing', rows: 0, read: 0, refused: 0, leftOut: 0 } as const;
  if (unread) return { ...nothing, why: [`no reader: ${unread.why}`], faults: [] };
  return { ...nothing, why: [], faults: ['neither a reader nor a reason why there is none'] };
}

async function counted(file: RecordedFile, reader: RecordedReader, body: unknown): Promise<Count> {
  const rows = reader.rows(body, file);
  try {
    const { read, rejected, leftOut = 0 } = await reader.read(body, file);
    const why = [...new Set(rejected.map(({ field, fix }) => `${field}: ${fix}`))];
    const count = { rows: rows ?? 0, read, refused: rejected.length, leftOut, why };
    return { ...count, faults: [...miscounted(rows, count), ...rejected.flatMap(unexplained)] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const faults = [];
    if (!isProviderError(error)) faults.push(`threw what is no ProviderError: ${message}`);
    if (rows !== null) faults.push(`the whole answer of ${rows} rows was refused: ${message}`);
    return { rows: rows ?? 1, read: 0, refused: rows ?? 1, leftOut: 0, why: [message], faults };
  }
}

function miscounted(rows: number | null, { read, refused, leftOut }: Omit<Count, 'faults' | 'why'>): string[] {
  if (rows === null) return ['was read although it is no answer of this endpoint'];
  const accounted = read + refused + leftOut;
  return accounted === rows ? [] : [`${rows} rows, but ${read} read, ${refused} refused and ${leftOut} left out`];
}

function unexplained({ field, found, fix }: RejectedRow): string[] {
  return field && found && fix ? [] : [`refused without field, found or fix: ${JSON.stringify({ field, found, fix })}`];
}
