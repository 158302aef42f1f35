import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMoney,
  CurrencyMismatch,
  dailyToMonthly,
  formatMoney,
  isPositive,
  money,
  perMonth,
  scaleMoney,
  subtractMoney,
} from '../../../domain/money.ts';
import { policyTags } from '../../../domain/policy-tags.ts';
import { addCounts, NO_COUNTS, partitionName, sweepDetails } from '../../../domain/sweep-counts.ts';

const usd = (amount: string) => money(amount, 'USD');

test('a tenth and two tenths are three tenths', () => {
  assert.deepEqual(addMoney(usd('0.1'), usd('0.2')), usd('0.3'));
  assert.deepEqual(subtractMoney(usd('0.3'), usd('0.1')), usd('0.2'));
  assert.deepEqual(scaleMoney(usd('19.99'), '0.1'), usd('1.999'));
});

test('cents are kept over ten thousand additions', () => {
  let sum = usd('0');
  for (let i = 0; i < 10_000; i++) sum = addMoney(sum, usd('0.01'));
  assert.deepEqual(sum, usd('100'));
});

test('currencies never meet', () => {
  assert.throws(() => addMoney(usd('1'), money('1', 'EUR')), CurrencyMismatch);
  assert.throws(() => subtractMoney(usd('1'), money('1', 'EUR')), CurrencyMismatch);
});

test('what is no number is refused, not counted as nothing', () => {
  assert.throws(() => money('twelve', 'USD'));
  assert.throws(() => addMoney(usd('1'), { amount: '', currency: 'USD' }));
});

test('zero and a loss are no saving', () => {
  assert.deepEqual(
    ['0', '-0', '-0.01', '0.0000001'].map((a) => isPositive(usd(a))),
    [false, false, false, true],
  );
});

test('a month has 730 hours, by the hour and by the day', () => {
  assert.deepEqual(perMonth('0.0416', 'USD'), usd('30.368'));
  assert.equal(dailyToMonthly('24'), '730');
  assert.equal(dailyToMonthly('0.1'), '3.0417');
});

test('money is shown with two decimals and its currency', () => {
  assert.equal(formatMoney(usd('12.5')), '12.50 USD');
  assert.equal(formatMoney(usd('-0.005')), '-0.01 USD');
});

test('tags are compared by key and by pair, in one shape', () => {
  assert.deepEqual(policyTags({ Env: 'PROD', ' Do-Not-Touch ': '' }), [
    'do-not-touch',
    'do-not-touch=',
    'env',
    'env=prod',
  ]);
});

test('letters that only look different are the same tag', () => {
  assert.ok(policyTags({ 'ｌｅｇａｌ-ｈｏｌｄ': 'ＴＲＵＥ' }).includes('legal-hold=true'));
});

test('tags are sorted, without repetition and short', () => {
  const tags = policyTags({ b: '1', B: '1', a: 'x'.repeat(5_000) });
  assert.deepEqual(tags, [...new Set(tags)].sort());
  assert.equal(tags.filter((t) => t === 'b=1').length, 1);
  assert.ok(tags.every((t) => t.length <= 401));
});

test('a tag named like a built-in property is a tag', () => {
  assert.ok(policyTags(JSON.parse('{"__proto__":"x"}') as Record<string, string>).includes('__proto__=x'));
});

test('counts add up in any order, and nothing added is nothing', () => {
  const a = { ...NO_COUNTS, scanned: 3, idle: 1 };
  const b = { ...NO_COUNTS, scanned: 4, failedPages: 1 };
  assert.deepEqual(addCounts(a, b), addCounts(b, a));
  assert.deepEqual(addCounts(a, {}), a);
  assert.deepEqual(addCounts(addCounts(a, b), a), addCounts(a, addCounts(b, a)));
  assert.deepEqual(NO_COUNTS, addCounts(NO_COUNTS, NO_COUNTS));
});

test('the details of a sweep name the partition, the page and every count', () => {
  const name = partitionName({ accountId: '111111111111', region: 'eu-west-1' });
  const text = sweepDetails(name, { ...NO_COUNTS, scanned: 12, quarantined: 2 }, 7);
  assert.match(text, /111111111111\/eu-west-1\*\* · page 7/);
  assert.match(text, /\| scanned \| 12 \|/);
  for (const key of Object.keys(NO_COUNTS)) assert.ok(text.includes(`| ${key} |`), key);
  assert.doesNotMatch(sweepDetails('done', NO_COUNTS, null), /page/);
});
