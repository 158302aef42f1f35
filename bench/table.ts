import Table from 'cli-table3';
import type { Measure } from './types.ts';

export function tableOf(measures: readonly Measure[]): string {
  const table = new Table({ head: ['measure', 'value', 'aim', ''], style: { head: [], border: [], compact: true } });
  for (const { name, value, aim, met } of measures)
    table.push([name, value, aim ?? '', met === null ? '' : met ? 'met' : 'MISSED']);
  return table.toString();
}
