import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type SchemaElement,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type RawRecord, UnreadableFile } from './records.ts';
import type { Cell } from './values.ts';

/**
 * Records of a Parquet file, the column names first, one row group in memory at a time. `line` counts the names as 1,
 * so that the first row is line 2 as it would be in CSV.
 * @throws UnreadableFile
 */
export async function* parquetRecords(file: string): AsyncGenerator<RawRecord> {
  try {
    const buffer = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(buffer);
    const scales = plainDecimals(metadata);
    const columns = topLevel(metadata.schema);
    yield { line: 1, values: columns };
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      // Bytes stay bytes: text and decimals of a byte array are told apart below.
      const rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors, utf8: false });
      for (const [i, row] of rows.entries())
        yield { line: rowStart + i + 2, values: columns.map((name) => cellOf(row[name], scales.get(name))) };
      rowStart = rowEnd;
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile((error as Error).message.slice(0, 200), 'export the file again, as Parquet or as CSV');
  }
}

/**
 * Takes the decimal annotation off the columns, so that their whole numbers arrive untouched, and returns the scales:
 * scaling in floating point would change the last digits of a cost.
 */
function plainDecimals({ schema }: FileMetaData): Map<string, number> {
  const scales = new Map<string, number>();
  for (const element of schema) {
    if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') continue;
    scales.set(
      element.name,
      element.scale ?? (element.logical_type?.type === 'DECIMAL' ? element.logical_type.scale : 0),
    );
    delete element.converted_type;
    delete element.logical_type;
  }
  return scales;
}

/** Names of the columns themselves, without the parts of maps and lists. */
function topLevel(schema: readonly SchemaElement[]): string[] {
  const names: string[] = [];
  const skip = (index: number): number => {
    let next = index + 1;
    for (let child = 0; child < (schema[index]?.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let index = 1; index < schema.length; index = skip(index)) names.push((schema[index] as SchemaElement).name);
  return names;
}

function cellOf(value: unknown, scale: number | undefined): Cell {
  if (value === undefined || value === null) return null;
  if (scale !== undefined)
    return scaled(value instanceof Uint8Array ? signed(value) : BigInt(value as number | bigint), scale);
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : (value as Cell);
}

/** Big-endian two's complement. */
function signed(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

function scaled(unscaled: bigint, scale: number): string {
  return `${unscaled}e-${scale}`;
}
