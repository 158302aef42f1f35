import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { everythingIn, SECRET, startWiz } from './helpers.ts';

const query = everythingIn('111122223333', 'us-east-1');
const { wiz, simulator } = await startWiz({ client: { sleep: async () => undefined } });
const errorWith200 = (code: string): Fault => ({
  path: '/graphql',
  kind: 'status',
  status: 200,
  responseBody: JSON.stringify({ data: null, errors: [{ message: 'no', extensions: { code } }] }),
});

async function failsAs(
  kind: ProviderErrorKind,
  fault: Fault,
  more: { retryAfterMs?: number; times?: number } = {},
): Promise<void> {
  simulator.faults.push({ ...fault, times: more.times ?? 1 });
  await assert.rejects(wiz.listAssets(query), (e) => {
    assert.ok(isProviderError(e), String(e));
    assert.equal(e.kind, kind, e.message);
    if (more.retryAfterMs !== undefined) assert.equal(e.retryAfterMs, more.retryAfterMs);
    assert.ok(!JSON.stringify([e.message, String(e.cause)]).includes(SECRET));
    return true;
  });
  assert.equal(simulator.faults.length, 0, 'the fault was used');
}

test('wrong credentials are named, and the secret is not', async () => {
  const wrong = await startWiz({ clientSecret: 'another' });
  await assert.rejects(
    wrong.wiz.check(),
    (e) => isProviderError(e, 'unauthorised') && /clientSecret/.test(e.message) && !e.message.includes(SECRET),
  );
  assert.ok(!JSON.stringify(wrong.simulator.journal.entries()).includes(SECRET));
});

test('errors inside HTTP 200 are errors, sorted by what can be done', async () => {
  // Asked for three times before it is believed.
  await failsAs('not-found', errorWith200('NOT_FOUND'), { times: 3 });
  await failsAs('unauthorised', errorWith200('UNAUTHORIZED'));
  await failsAs('retry-after', errorWith200('RATE_LIMIT_EXCEEDED'), { retryAfterMs: 5000 });
  await failsAs('terminal', errorWith200('GRAPHQL_VALIDATION_FAILED'));
  await failsAs('unavailable', errorWith200('INTERNAL'));
  await failsAs('unavailable', errorWith200(''));
});

test('partial data next to an error is not used', async () => {
  const body = JSON.stringify({
    data: { cloudResourcesV2: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } },
    errors: [{ message: 'shard down' }],
  });
  await failsAs('unavailable', { path: '/graphql', kind: 'status', status: 200, responseBody: body });
});

test('a cut connection and an answer with nothing in it each get their kind', async () => {
  await failsAs('unavailable', { path: '/graphql', kind: 'reset-before-answer' });
  await failsAs('malformed', { path: '/graphql', kind: 'status', status: 200, responseBody: '{"data":{}}' });
});

test('never more requests at once than configured', async () => {
  const busy = await startWiz();
  await Promise.all(Array.from({ length: 40 }, () => busy.wiz.check()));
  assert.ok(busy.simulator.wiz.maxInFlight() <= 4, `${busy.simulator.wiz.maxInFlight()}`);
  assert.ok(busy.simulator.wiz.maxInFlight() > 1);
});
