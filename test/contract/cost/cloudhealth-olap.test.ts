import assert from 'node:assert/strict';
import { it } from 'node:test';
import { cellsOf } from '../../../providers/cost/cloudhealth/olap.ts';
import { OlapReport } from '../../../providers/cost/cloudhealth/wire.ts';

it('reads a nested report without its totals, its empty cells and its collapsed rows; zero counts', () => {
  const member = (name: string, label = name) => ({ name, label, excluded: false });
  const report = OlapReport.parse({
    report: 'Cost History',
    dimensions: [
      { time: [member('total', 'Total'), member('2026-10-01'), member('2026-10-02'), member('2026-10-03')] },
      { 'AWS-Account': [member('total', 'Total'), member('20611', '111122223333 (prod)'), member('20612', 'dev')] },
    ],
    measures: [{ name: 'usage' }, { name: 'cost' }],
    data: [
      [
        [0, 99],
        [0, 60],
        [0, 39],
      ],
      [
        [0, 50],
        [0, 50],
        [0, 0],
      ],
      null,
      [[0, 49], [0, 10], null],
    ],
    status: 'ok',
  });
  const cells = (measure: string) => [...cellsOf(report, { rows: 'time', columns: 'AWS-Account', measure })];
  assert.deepEqual(
    cells('cost').map((c) => [c.row.slice(0, 10), c.column, c.value]),
    [
      ['2026-10-01', '20611 111122223333 (prod)', 50],
      ['2026-10-01', '20612 dev', 0],
      ['2026-10-03', '20611 111122223333 (prod)', 10],
    ],
  );
  assert.deepEqual(cells('gone'), []);
});
