import { absentMandatory, canonicalColumn, type FocusVersion, NEEDED, versionOf } from './columns.ts';
import { curComplaint, focusCells } from './cur.ts';
import { CUR_NEEDED, CUR_WANTED, type CurVersion, curColumn, curVersionOf } from './cur-columns.ts';
import { kindOf } from './kind-of.ts';
import { parquetRecords } from './parquet.ts';
import { csvRecords, type RawRecord, UnreadableFile } from './records.ts';
import { type Cells, type Complaint, checkRow, type FocusRow } from './row.ts';
import { type Cell, textOf } from './values.ts';

export type BillVersion = FocusVersion | CurVersion;

/** What reading one file yields, in order: its header once, then every row, accepted or rejected. */
export type FocusEvent =
  | { readonly kind: 'header'; readonly version: BillVersion; readonly absent: readonly string[] }
  | { readonly kind: 'accepted'; readonly line: number; readonly row: FocusRow; readonly doubts: readonly Complaint[] }
  | { readonly kind: 'rejected'; readonly line: number; readonly complaint: Complaint; readonly cells: Cells };

interface Header {
  readonly version: BillVersion;
  readonly columns: readonly string[];
  readonly absent: readonly string[];
}

/**
 * Reads one FOCUS 1.0 to 1.3 file or AWS cost and usage report, CSV (also compressed) or Parquet, as a stream.
 * @throws UnreadableFile when it is none, or when it breaks off.
 */
export async function* readFocusFile(file: string): AsyncGenerator<FocusEvent> {
  let header: Header | null = null;
  for await (const { line, values } of recordsOf(file)) {
    if (header === null) {
      header = headerOf(values);
      yield { kind: 'header', version: header.version, absent: header.absent };
    } else yield eventOf(header, { line, values });
  }
  if (header === null) throw new UnreadableFile('the file is empty', 'its first line must name the columns');
}

/** By content: what a file is called is up to whoever copied it. */
async function* recordsOf(file: string): AsyncGenerator<RawRecord> {
  const kind = await kindOf(file);
  // What is called Parquet and is no bill of any kind is told as damaged Parquet.
  const parquet = kind === 'parquet' || (kind !== 'bill' && file.toLowerCase().endsWith('.parquet'));
  yield* parquet ? parquetRecords(file) : csvRecords(file);
}

function eventOf({ columns, version }: Header, { line, values }: RawRecord): FocusEvent {
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
  if (isFocus(version)) return judged(line, cells);
  const event = judged(line, focusCells(cells));
  return event.kind === 'rejected' ? { ...event, complaint: curComplaint(event.complaint, cells) } : event;
}

function judged(line: number, cells: Cells): Exclude<FocusEvent, { kind: 'header' }> {
  const checked = checkRow(cells);
  return 'row' in checked ? { kind: 'accepted', line, ...checked } : { kind: 'rejected', line, cells, ...checked };
}

function isFocus(version: BillVersion): version is FocusVersion {
  return !version.startsWith('CUR');
}

/** A column of Azure's own exports of every agreement; headers of other languages have the English name in brackets. */
const AZURE_DETAILS = /(^|\()meterCategory\)?$/i;

function headerOf(values: readonly Cell[]): Header {
  const names = values.map((value) => textOf(value) ?? '');
  const report = curVersionOf(names);
  const columns = names.map(report ? curColumn : canonicalColumn);
  const missing = (report ? CUR_NEEDED : NEEDED).filter((column) => !columns.includes(column));
  if (missing.length > 0 && names.some((name) => AZURE_DETAILS.test(name)))
    throw new UnreadableFile(
      `cost details of Azure, no FOCUS file: no column ${missing.join(', ')}`,
      'make an export of the kind "Cost and usage details (FOCUS)", which states amortised beside invoiced cost',
      1,
    );
  if (missing.length > 0)
    throw new UnreadableFile(
      `not a ${report ?? 'FOCUS'} file: no column ${missing.join(', ')} among ${columns.length} (${columns.slice(0, 4).join(', ').slice(0, 120)}…)`,
      report
        ? 'select that column too, or make a data export of the table FOCUS_1_2_AWS instead'
        : 'export it as FOCUS 1.0, 1.1 or 1.2, separated by commas, with the column names in the first line',
      1,
    );
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) !== i);
  // Product attributes of the old report differ in capitals only; nothing is taken from those.
  if (twice !== undefined && !(report && twice.startsWith('product_')))
    throw new UnreadableFile(`column ${twice} is there twice`, 'keep one of them', 1);
  const present = new Set(columns);
  if (report) return { version: report, columns, absent: CUR_WANTED.filter((column) => !present.has(column)) };
  return { version: versionOf(present), columns, absent: absentMandatory(present) };
}
