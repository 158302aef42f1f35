import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { everythingIn, SECRET, startWiz } from './helpers.ts';

const query = everythingIn('111122223333', 'us-east-1');
const { wiz, simulator } = await startWiz({ client: { timeoutMs: 300 } });
const tokenRequests = () => simulator.journal.entries().filter((e) => e.path === '/oauth/token').length;
const errorWith200 = (code: string): Fault => ({
  path: '/graphql',
  kind: 'status',
  status: 200,
  responseBody: JSON.stringify({ data: null, errors: [{ message: 'no', extensions: { code } }] }),
});

async function failsAs(kind: ProviderErrorKind, fault: Fault, more?: { retryAfterMs?: number }): Promise<void> {
  simulator.faults.push({ ...fault, times: 1 });
  await assert.rejects(wiz.listAssets(query), (e) => {
    assert.ok(isProviderError(e), String(e));
    assert.equal(e.kind, kind, e.message);
    if (more) assert.equal(e.retryAfterMs, more.retryAfterMs);
    assert.ok(!JSON.stringify([e.message, String(e.cause)]).includes(SECRET));
    return true;
  });
  assert.equal(simulator.faults.length, 0, 'the fault was used');
}

test('one token serves concurrent first requests and all later ones', async () => {
  await Promise.all([wiz.listAssets(query), wiz.listAssets(query), wiz.check()]);
  await wiz.check();
  assert.equal(tokenRequests(), 1);
});

test('a refused token is renewed once and the request goes through', async () => {
  const before = tokenRequests();
  simulator.wiz.expireTokens();
  await wiz.listAssets(query);
  assert.equal(tokenRequests(), before + 1);
});

test('when the renewed token is refused as well, it is the credentials: no loop', async () => {
  const before = tokenRequests();
  simulator.faults.push({ path: '/graphql', kind: 'status', status: 401, times: 2 });
  await assert.rejects(wiz.listAssets(query), (e) => isProviderError(e, 'unauthorised'));
  assert.equal(tokenRequests(), before + 1);
});

test('a token is renewed before it ends, by the life the vendor stated', async () => {
  let now = Date.now();
  const clock = () => now;
  const short = await startWiz({ tokenSeconds: 100, clock, client: { clock } });
  const issued = () => short.simulator.journal.entries().filter((e) => e.path === '/oauth/token').length;
  await short.wiz.check();
  now += 80_000;
  await short.wiz.check();
  assert.equal(issued(), 1);
  now += 15_000;
  await short.wiz.check();
  assert.equal(issued(), 2);
  assert.ok(!short.simulator.journal.entries().some((e) => e.path === '/graphql' && e.status === 401));
});

test('wrong credentials are named, and the secret is not', async () => {
  const wrong = await startWiz({ clientSecret: 'another' });
  await assert.rejects(
    wrong.wiz.check(),
    (e) => isProviderError(e, 'unauthorised') && /clientSecret/.test(e.message) && !e.message.includes(SECRET),
  );
  assert.ok(!JSON.stringify(wrong.simulator.journal.entries()).includes(SECRET));
});

test('429 honours Retry-After in seconds and has a default without it', async () => {
  await failsAs('retry-after', { path: '/graphql', kind: 'rate-limited', retryAfter: 7 }, { retryAfterMs: 7000 });
  await failsAs('retry-after', { path: '/graphql', kind: 'rate-limited' }, { retryAfterMs: 5000 });
});

test('errors inside HTTP 200 are errors, sorted by what can be done', async () => {
  await failsAs('not-found', errorWith200('NOT_FOUND'));
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

test('server errors, silence, cut connections, HTML and half an answer each get their kind', async () => {
  await failsAs('unavailable', { path: '/graphql', kind: 'status', status: 503 });
  await failsAs('unavailable', { path: '/graphql', kind: 'hang', ms: 1000 });
  await failsAs('unavailable', { path: '/graphql', kind: 'reset-before-answer' });
  await failsAs('malformed', { path: '/graphql', kind: 'html-error' });
  await failsAs('malformed', { path: '/graphql', kind: 'truncated-json' });
  await failsAs('terminal', { path: '/graphql', kind: 'status', status: 400 });
  await failsAs('unauthorised', { path: '/graphql', kind: 'status', status: 403 });
  await failsAs('malformed', { path: '/graphql', kind: 'status', status: 200, responseBody: '{"data":{}}' });
});

test('never more requests at once than configured', async () => {
  const busy = await startWiz();
  await Promise.all(Array.from({ length: 40 }, () => busy.wiz.check()));
  assert.ok(busy.simulator.wiz.maxInFlight() <= 4, `${busy.simulator.wiz.maxInFlight()}`);
  assert.ok(busy.simulator.wiz.maxInFlight() > 1);
});
