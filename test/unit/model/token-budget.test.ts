import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenBudget } from '../../../providers/model/token-budget.ts';

test('a reservation that would exceed the day is refused and takes nothing', () => {
  const budget = createTokenBudget(100);
  assert.equal(budget.reserve(60), true);
  assert.equal(budget.reserve(60), false);
  assert.equal(budget.reserve(40), true);
});

test('settling gives back what was not used, and nothing when use is unknown', () => {
  const budget = createTokenBudget(100);
  budget.reserve(90);
  budget.settle(90, 10);
  assert.equal(budget.reserve(90), true);
  budget.settle(90, null);
  assert.equal(budget.reserve(1), false);
});

test('a new UTC day starts from zero, and a late settlement of yesterday does not give tokens away', () => {
  let now = new Date('2026-01-01T23:59:59Z');
  const budget = createTokenBudget(100, () => now);
  budget.reserve(100);
  now = new Date('2026-01-02T00:00:01Z');
  assert.equal(budget.reserve(100), true);
  budget.settle(100, 0);
  assert.equal(budget.reserve(100), true, 'the same day gives back');
  now = new Date('2026-01-03T00:00:00Z');
  budget.settle(100, 0);
  assert.equal(budget.reserve(101), false);
});
