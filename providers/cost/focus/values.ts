/** What a cell may hold; CSV gives text, Parquet also dates, numbers and maps. */
export type Cell = string | number | bigint | boolean | Date | Record<string, unknown> | readonly unknown[] | null;

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** No value: empty, or the word NULL that real files write instead. */
export function textOf(cell: Cell | undefined): string | null {
  if (cell === undefined || cell === null) return null;
  const text = (
    cell instanceof Date ? cell.toISOString() : typeof cell === 'object' ? JSON.stringify(cell) : `${cell}`
  ).trim();
  return text === '' || /^null$/i.test(text) ? null : text;
}

/** Milliseconds since 1970, or undefined. A time without a zone is UTC, as the specification demands of all. */
export function instantOf(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = match;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${offset}`);
  // Date.parse turns 30 February into 1 March.
  const real = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return Number.isNaN(at) || !real ? undefined : at;
}
