import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEMO_WAITS, stretched } from '../../../sandbox/waits.ts';

test('a machine that takes five times as long to build the estate gets five times as long to be asked in', () => {
  const waits = stretched(DEMO_WAITS, 60_000);
  assert.deepEqual(
    [waits.expiry, waits.escalation, waits.rescanDeadline, waits.billingDeadline],
    ['225s', '140s', '300s', '20m'],
  );
  assert.equal(waits.hold, DEMO_WAITS.hold, 'what nobody waits for runs out as before');
});

test('a fast machine keeps the waits there are', () => {
  assert.deepEqual(stretched(DEMO_WAITS, 900), DEMO_WAITS);
});
