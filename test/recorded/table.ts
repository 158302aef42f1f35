import type { Walked } from './walk.ts';

const SHOWN = 3;
const WIDEST = 160;

/** One line per vendor and endpoint, and the sum at the end. */
export function tableOf(walked: readonly Walked[]): string {
  const groups = Map.groupBy(walked, ({ vendor, endpoint }) => `${vendor}\t${familyOf(endpoint)}`);
  const lines = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([key, of]) => lineOf(key.split('\t'), of));
  return [
    '| vendor | endpoint | files | rows | read | refused | left out | why |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    lineOf(['all', ''], walked, false),
  ].join('\n');
}

/** One line per vendor. */
export function summaryOf(walked: readonly Walked[]): string {
  const groups = [...Map.groupBy(walked, ({ vendor }) => vendor)].sort(([a], [b]) => a.localeCompare(b));
  const cells = ([vendor, of]: readonly [string, readonly Walked[]]): string => {
    const read = of.filter(({ readBy }) => readBy === 'adapter');
    const sums = (['rows', 'read', 'refused', 'leftOut'] as const).map((name) => sum(read, name));
    return `| ${vendor} | ${of.length} | ${read.length} | ${sums.join(' | ')} |`;
  };
  return [
    '| vendor | files | of endpoints we read | rows | read | refused | left out |',
    '|---|---|---|---|---|---|---|',
    ...[...groups, ['all', walked] as const].map(cells),
  ].join('\n');
}

/** Ids and bodies that vary from file to file are left out of a name. */
function familyOf(endpoint: string): string {
  return endpoint.replace(/\/[A-Za-z0-9_-]*\d[A-Za-z0-9_=-]{5,}/g, '/…').replaceAll('|', '/');
}

function lineOf([vendor = '', endpoint = '']: readonly string[], of: readonly Walked[], reasons = true): string {
  const why = [...new Set(of.flatMap((file) => file.why))];
  const more = why.length > SHOWN ? `; and ${why.length - SHOWN} more` : '';
  const text = reasons ? why.slice(0, SHOWN).map(short).join('; ') + more : '';
  const counts = [of.length, sum(of, 'rows'), sum(of, 'read'), sum(of, 'refused'), sum(of, 'leftOut')];
  return `| ${[vendor, endpoint, ...counts, text].join(' | ')} |`;
}

function sum(of: readonly Walked[], name: 'rows' | 'read' | 'refused' | 'leftOut'): number {
  return of.reduce((total, file) => total + file[name], 0);
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '/');
  return line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line;
}
