import type { OlapReport } from './wire.ts';

/**
 * One measure by the members of two dimensions, `total` members and empty cells left out. The figures are JSON numbers, so
 * they are only good for comparing.
 */
export function* cellsOf(
  report: OlapReport,
  { rows, columns, measure }: { rows: string; columns: string; measure: string },
): Generator<{ row: string; column: string; value: number }> {
  const [outer, inner] = [report.dimensions[0]?.[rows], report.dimensions[1]?.[columns]];
  const k = report.measures.findIndex((m) => m.name === measure);
  if (!outer || !inner || k === -1) return;
  for (const [i, row] of outer.entries()) {
    const line = report.data?.[i];
    if (row.name === 'total' || !Array.isArray(line)) continue;
    for (const [j, column] of inner.entries()) {
      const cell: unknown = (line as readonly unknown[])[j];
      const value: unknown = Array.isArray(cell) ? cell[k] : null;
      if (column.name === 'total' || typeof value !== 'number') continue;
      yield { row: textOf(row), column: textOf(column), value };
    }
  }
}

/** A member's name may be a number of CloudHealth's own; what it stands for is then in its label. */
function textOf({ name, label }: { name: string; label?: string | null | undefined }): string {
  return `${name} ${label ?? ''}`;
}
