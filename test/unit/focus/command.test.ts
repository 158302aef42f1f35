import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FocusImport } from '../../../providers/cost/focus/import.ts';
import { charge, csvFile, fileOf, freshFolder } from './files.ts';

const main = fileURLToPath(new URL('../../../clients/cli/main.ts', import.meta.url));

/** The command as a person runs it, in an empty folder: there is no configuration. */
function focusImport(...args: string[]) {
  const { IDLEWISE_CONFIG: _, ...env } = process.env;
  return spawnSync(process.execPath, [main, 'focus', 'import', ...args], { cwd: freshFolder(), env, encoding: 'utf8' });
}

test('it tells rows, reasons and exact totals, and ends with 0', () => {
  const file = csvFile([charge({ BilledCost: '0.1' }), charge({ BilledCost: '0.2' }), charge({ BilledCost: '$1' })]);
  const { status, stdout } = focusImport(file);
  assert.equal(status, 0);
  assert.match(stdout, /rows 3: 2 accepted, 1 rejected/);
  assert.match(stdout, /USD accepted: BilledCost 0\.3,/);
  assert.match(stdout, /1 × BilledCost: found "\$1"; .*without currency sign.*\(bill\.csv:4\)/);
  assert.match(stdout, /cost: \{ vendor: focus, focus: \{ path: ".*bill\.csv" \} \}/);
});

test('with --json it is one value for a program', () => {
  const { status, stdout } = focusImport(csvFile([charge()]), '--json');
  const found = JSON.parse(stdout) as FocusImport;
  assert.deepEqual([status, found.rows, found.totals[0]?.file.BilledCost], [0, 1, '1.25']);
});

test('it ends with 1 when everything was rejected, or a file is no FOCUS file', () => {
  assert.equal(focusImport(csvFile([charge({ BillingCurrency: '?' })])).status, 1);
  assert.equal(focusImport(fileOf('a,b\n1,2\n')).status, 1);
  assert.equal(focusImport(freshFolder()).status, 1);
});

test('it ends with 2 and one line when the path is not there; control characters of a file reach no terminal', () => {
  const missing = focusImport('/nowhere');
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^idlewise import: \/nowhere is not there; [^\n]*\n$/);
  const hostile = focusImport(fileOf('\u001b]0;owned\u0007,b\n1,2\n'));
  assert.ok(!hostile.stdout.includes('\u001b'));
});
