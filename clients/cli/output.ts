import Table from 'cli-table3';

/** Where commands write: machine-readable with `--json`, a table for people otherwise. */
export interface Output {
  readonly json: boolean;
  rows(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[], raw: unknown): void;
  value(raw: unknown, text: string): void;
  /** Progress of long work, on stderr so that it never mixes with the result. */
  progress(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    rows(columns, rows, raw) {
      if (json) return line(JSON.stringify(raw));
      const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
      for (const row of rows) table.push(row.map((cell) => (cell === null ? '' : String(cell))));
      line(rows.length === 0 ? 'nothing to show' : table.toString());
    },
    value(raw, text) {
      line(json ? JSON.stringify(raw) : text);
    },
    progress(text) {
      if (!json) process.stderr.write(`${text}\n`);
    },
  };
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
