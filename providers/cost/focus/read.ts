import { absentMandatory, canonicalColumn, type FocusVersion, NEEDED, versionOf } from './columns.ts';
import { parquetRecords } from './parquet.ts';
import { csvRecords, type RawRecord, UnreadableFile } from './records.ts';
import { type Cells, type Complaint, checkRow, type FocusRow } from './row.ts';
import { type Cell, textOf } from './values.ts';

/** What reading one file yields, in order: its header once, then every row, accepted or rejected. */
export type FocusEvent =
  | { readonly kind: 'header'; readonly version: FocusVersion; readonly absent: readonly string[] }
  | { readonly kind: 'accepted'; readonly line: number; readonly row: FocusRow; readonly doubts: readonly Complaint[] }
  | { readonly kind: 'rejected'; readonly line: number; readonly complaint: Complaint; readonly cells: Cells };

/**
 * Reads one FOCUS 1.0 to 1.3 file, CSV (also compressed) or Parquet, as a stream.
 * @throws UnreadableFile when it is none, or when it breaks off.
 */
export async function* readFocusFile(file: string): AsyncGenerator<FocusEvent> {
  let columns: string[] | null = null;
  for await (const { line, values } of recordsOf(file)) {
    if (columns === null) {
      columns = headerOf(values);
      const present = new Set(columns);
      yield { kind: 'header', version: versionOf(present), absent: absentMandatory(present) };
    } else yield eventOf(columns, { line, values });
  }
  if (columns === null) throw new UnreadableFile('the file is empty', 'its first line must name the FOCUS columns');
}

function recordsOf(file: string): AsyncGenerator<RawRecord> {
  return file.toLowerCase().endsWith('.parquet') ? parquetRecords(file) : csvRecords(file);
}

function eventOf(columns: readonly string[], { line, values }: RawRecord): FocusEvent {
  const cells: Record<string, Cell> = {};
  for (const [i, column] of columns.entries()) cells[column] = values[i] ?? null;
  if (values.length !== columns.length) {
    const complaint = {
      column: '(row)',
      found: `${values.length} values`,
      fix: `write one value for each of the ${columns.length} columns, and quote values that hold a comma`,
    };
    return { kind: 'rejected', line, complaint, cells: {} };
  }
  const checked = checkRow(cells);
  return 'row' in checked ? { kind: 'accepted', line, ...checked } : { kind: 'rejected', line, cells, ...checked };
}

function headerOf(values: readonly Cell[]): string[] {
  const columns = values.map((value) => canonicalColumn(textOf(value) ?? ''));
  const missing = NEEDED.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UnreadableFile(
      `not a FOCUS file: no column ${missing.join(', ')} among ${columns.length} (${columns.slice(0, 4).join(', ').slice(0, 120)}…)`,
      columns.includes('line_item_usage_account_id') || columns.includes('lineItem/UsageAccountId')
        ? 'this is an AWS cost and usage report: make a data export of the table FOCUS_1_2_AWS instead'
        : 'export it as FOCUS 1.0, 1.1 or 1.2, separated by commas, with the column names in the first line',
      1,
    );
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) !== i);
  if (twice !== undefined) throw new UnreadableFile(`column ${twice} is there twice`, 'keep one of them', 1);
  return columns;
}
