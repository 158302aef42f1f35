import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { notYet, toApplicationFailure, withFailures } from '../../../activities/shared/failures.ts';
import { ProviderError, ProviderErrorKind } from '../../../ports/errors.ts';

const providerError = (kind: ProviderErrorKind, retryAfterMs?: number) =>
  new ProviderError({
    kind,
    provider: 'wiz',
    operation: 'posture',
    message: 'it says no',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

function failure(kind: ProviderErrorKind, retryAfterMs?: number): ApplicationFailure {
  const mapped = toApplicationFailure(providerError(kind, retryAfterMs));
  assert.ok(mapped instanceof ApplicationFailure);
  return mapped;
}

test('every kind of provider error is mapped, and keeps its vendor, kind and message', () => {
  for (const kind of Object.values(ProviderErrorKind)) {
    const mapped = failure(kind);
    assert.equal(mapped.type, `wiz.${kind}`);
    assert.match(mapped.message, /wiz posture: it says no/);
  }
});

test('only what can never succeed is given up', () => {
  const givenUp = Object.values(ProviderErrorKind).filter((kind) => failure(kind).nonRetryable === true);
  assert.deepEqual(givenUp.sort(), ['not-found', 'terminal']);
});

test('"come back later" is honoured to the millisecond, and alarms nobody', () => {
  const mapped = failure('retry-after', 1_234);
  assert.deepEqual([mapped.nextRetryDelay, mapped.category], [1_234, ApplicationFailureCategory.BENIGN]);
  assert.equal(failure('retry-after').nextRetryDelay, 30_000);
});

test('a broken credential keeps the run alive, at one look a minute', () => {
  assert.equal(failure('unauthorised').nextRetryDelay, '1m');
});

test('"not yet" is retried after the delay and alarms nobody', () => {
  const failed = notYet('the rescan runs', 50);
  assert.deepEqual(
    [failed.nonRetryable, failed.nextRetryDelay, failed.category],
    [false, 50, ApplicationFailureCategory.BENIGN],
  );
});

test('what is no provider error passes as it is: a bug is a bug', async () => {
  const bug = new TypeError('undefined is not a function');
  const activities = withFailures({
    fine: async (n: number) => n + 1,
    broken: async () => {
      throw bug;
    },
    vendor: async () => {
      throw providerError('terminal');
    },
  });
  assert.equal(await activities.fine(1), 2);
  await assert.rejects(activities.broken(), (error) => error === bug);
  await assert.rejects(
    activities.vendor(),
    (error: unknown) => error instanceof ApplicationFailure && error.nonRetryable === true,
  );
});
