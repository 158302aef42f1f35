import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { importFocus } from '../../../providers/cost/focus/import.ts';
import { type Charge, charge, csvFile } from './files.ts';

const SAMPLE = fileURLToPath(new URL('../../../../shared/data/focus/focus_sample.csv', import.meta.url));
const DIGITS = 60;

/** A second way to add: whole numbers of 10⁻⁶⁰, without any decimal library. */
function units(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const shift = DIGITS - fraction.length + Number(exponent);
  assert.ok(shift >= 0, text);
  return BigInt(`${sign}${whole}${fraction}`) * 10n ** BigInt(shift);
}

function textOf(sum: bigint): string {
  const digits = (sum < 0n ? -sum : sum).toString().padStart(DIGITS + 1, '0');
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
}

const sumOf = (texts: readonly string[]) => textOf(texts.reduce((sum, text) => sum + units(text), 0n));

test('totals are exact where binary numbers are not', async () => {
  const costs = ['0.1', '0.2', '1e-25', '123456789012345678.000000001', '-0.3', '7.7E+20'];
  const found = await importFocus(csvFile(costs.map((c) => charge({ BilledCost: c, EffectiveCost: c }))));
  assert.equal(found.totals[0]?.file.BilledCost, '770123456789012345678.0000000010000000000000001');
  assert.equal(found.totals[0]?.file.BilledCost, sumOf(costs));
});

test('currencies never meet in one sum; a rejected row still counts towards its file', async () => {
  const found = await importFocus(
    csvFile([
      charge({ BilledCost: '1' }),
      charge({ BilledCost: '2', BillingCurrency: 'EUR' }),
      charge({ BilledCost: '4', ChargeCategory: '?' }),
    ]),
  );
  assert.deepEqual(
    found.totals.map((t) => [t.currency, t.accepted.BilledCost, t.file.BilledCost]),
    [
      ['EUR', '2', '2'],
      ['USD', '1', '5'],
    ],
  );
});

test('whatever is wrong with rows, accepted and rejected add up to them, and so do their costs', async () => {
  // A fixed sequence: a failure can be repeated.
  let state = 20_240_901;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const spoil: readonly ((c: Charge) => Charge)[] = [
    (c) => c,
    (c) => c,
    (c) => ({ ...c, BillingCurrency: 'dollars' }),
    (c) => ({ ...c, ChargePeriodEnd: '' }),
    (c) => ({ ...c, ChargeCategory: 'Other' }),
    (c) => ({ ...c, Tags: '{', AvailabilityZone: '0.5' }),
    (c) => ({ ...c, ChargeDescription: 'line\nbreak, "quote"' }),
  ];
  for (let round = 0; round < 20; round++) {
    const rows = Array.from({ length: 1 + next(60) }, () => {
      const cost = `${next(2) ? '-' : ''}${next(1000)}.${next(1_000_000)}${next(4) ? '' : `e-${next(12)}`}`;
      return (spoil[next(spoil.length)] as (c: Charge) => Charge)(charge({ BilledCost: cost, EffectiveCost: cost }));
    });
    const found = await importFocus(csvFile(rows));
    assert.equal(found.rows, rows.length);
    assert.equal(found.accepted + found.rejected, rows.length);
    assert.equal(
      found.rejections.reduce((n, r) => n + r.rows, 0),
      found.rejected,
    );
    assert.equal(
      sumOf(found.totals.map((t) => t.file.BilledCost)),
      sumOf(rows.map((r) => r['BilledCost'] as string)),
      `round ${round}`,
    );
  }
});

test('the published sample: every row accepted, totals equal to the last digit', async (t) => {
  if (!existsSync(SAMPLE)) return t.skip('not run: the FOCUS sample is not on this machine');
  const rows = parse(readFileSync(SAMPLE), { columns: true, bom: true }) as Record<string, string>[];
  const found = await importFocus(SAMPLE);
  assert.deepEqual([found.rows, found.accepted, found.rejected], [1000, 1000, 0]);
  const expected = {
    BilledCost: sumOf(rows.map((r) => r['BilledCost'] as string)),
    EffectiveCost: sumOf(rows.map((r) => r['EffectiveCost'] as string)),
  };
  assert.deepEqual(found.totals, [{ currency: 'USD', accepted: expected, file: expected }]);
  assert.deepEqual(expected, { BilledCost: '20.52022672899', EffectiveCost: '14.97651418586' });
  assert.deepEqual(found.period, { start: '2024-09-01T00:00:00.000Z', end: '2024-10-01T00:00:00.000Z' });
  assert.deepEqual(
    found.doubts.map((d) => [d.column, d.rows]),
    [
      ['AvailabilityZone', 50],
      ['ChargeFrequency', 7],
    ],
  );
});
