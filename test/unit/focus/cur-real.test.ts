import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { importFocus } from '../../../providers/cost/focus/import.ts';

const SAMPLE = fileURLToPath(
  new URL('../../../../shared/data/focus/native-exports/sample-anonymous-aws-export-dataset.csv', import.meta.url),
);

/** Whole numbers of 10⁻²⁰: a second way to add, without any decimal library. */
function units(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction || ''}`) * 10n ** BigInt(20 - fraction.length + Number(exponent));
}

test('a real report, anonymised: every line is read, and the total is the file’s to the last digit', async (t) => {
  if (!existsSync(SAMPLE)) return t.skip('not run: the sample report is not beside the repository');
  const rows = parse(readFileSync(SAMPLE), { columns: true, bom: true }) as Record<string, string>[];
  const found = await importFocus(SAMPLE);
  assert.equal(found.files[0]?.version, 'CUR');
  assert.deepEqual([found.rows, found.accepted, found.rejected], [rows.length, rows.length, 0]);
  const wanted = rows.reduce((sum, row) => sum + units(row['lineItem/UnblendedCost'] ?? '0'), 0n);
  assert.equal(units(found.totals[0]?.file.BilledCost ?? ''), wanted);
  assert.equal(found.categories['Tax'], rows.filter((row) => row['lineItem/LineItemType'] === 'Tax').length);
  t.diagnostic(`${rows.length} lines, ${found.totals[0]?.file.BilledCost} ${found.totals[0]?.currency}`);
});
