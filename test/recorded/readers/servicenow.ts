import { parseChange } from '../../../providers/servicenow/change-parse.ts';
import { parseRows } from '../../../providers/servicenow/table.ts';
import { at } from '../../../providers/rows.ts';
import type { VendorReaders } from '../reader.ts';
import { listIn, listReader, noReader, rowsFrom } from '../vendor-rows.ts';

const results = (body: unknown): readonly unknown[] => {
  const list = listIn(body, 'result');
  if (list !== null) return list;
  return [at(body, ['result']) ?? body];
};
const change = rowsFrom('servicenow', 'change', (node) => parseChange('change', { result: node }));
const rows = rowsFrom('servicenow', 'table', (node) => parseRows('table', [node]));

export const servicenow: VendorReaders = {
  vendor: 'servicenow',
  readers: [
    listReader(/GET \/sn_chg_rest\/change(\/(normal|standard|emergency))?(\/\{(change_)?sys_id\})?$/, results, change),
    listReader(/^Table - |\/now\/table\//, results, rows),
  ],
  unread: [
    ...noReader('jobs, schedules, models and items of a change, which we do not ask for', /^Change Management - /),
    ...noReader('the CMDB is read by the Table API', /^(CMDB|Identification|Aggregate)/),
    ...noReader('no answer of the Table API', /^GET \/api\/now\/…$/, /^table row or business-rule webhook/),
  ],
};
