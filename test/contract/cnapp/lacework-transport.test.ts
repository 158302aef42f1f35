import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryPage } from '../../../ports/cnapp.ts';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { clockFrom, everythingIn, find, PROD, SECRET, startLacework } from './lacework-harness.ts';

const { lacework, simulator } = await startLacework();
const path = '/CloudAccounts';

async function failsAs(kind: ProviderErrorKind, fault: Fault, more?: { retryAfterMs?: number }): Promise<void> {
  simulator.faults.push({ ...fault, path, times: 1 });
  await assert.rejects(lacework.check(), (e) => {
    assert.ok(isProviderError(e), String(e));
    assert.equal(e.kind, kind, e.message);
    if (more) assert.equal(e.retryAfterMs, more.retryAfterMs);
    assert.ok(!JSON.stringify([e.message, String(e.cause)]).includes(SECRET));
    return true;
  });
  assert.equal(simulator.faults.length, 0, 'the fault was used');
}

test('a token is renewed before it ends, by the life the vendor stated', async () => {
  const clock = clockFrom();
  const short = await startLacework({ tokenSeconds: 100, clock: clock.read });
  const issued = () => short.calls('/access/tokens').length;
  await short.lacework.check();
  clock.advance(80_000);
  await short.lacework.check();
  assert.equal(issued(), 1);
  clock.advance(15_000);
  await short.lacework.check();
  assert.equal(issued(), 2);
  assert.ok(!short.calls('/api/v2/').some((e) => e.status === 401));
});

test('a clock of ours that is ahead does not ask for a token before every request', async () => {
  const ahead = await startLacework({ client: { clock: () => Date.now() + 7_200_000 } });
  await ahead.lacework.check();
  await ahead.lacework.check();
  assert.equal(ahead.calls('/access/tokens').length, 1);
});

test('wrong credentials are named, and the secret is not', async () => {
  const wrong = await startLacework({ secret: 'another' });
  await assert.rejects(
    wrong.lacework.check(),
    (e) => isProviderError(e, 'unauthorised') && /keyId, secret/.test(e.message) && !e.message.includes(SECRET),
  );
  assert.ok(!JSON.stringify(wrong.simulator.journal.entries()).includes(SECRET));
});

test('sub-account and organisation are sent when they are configured, and only then', async () => {
  const seen: Headers[] = [];
  const spy: typeof fetch = (url, init) => {
    seen.push(new Headers(init?.headers));
    return fetch(url, init);
  };
  const scoped = await startLacework({ client: { fetch: spy }, config: { subAccount: 'shop', orgAccess: true } });
  await scoped.lacework.check();
  assert.deepEqual([seen.at(-1)?.get('account-name'), seen.at(-1)?.get('org-access')], ['shop', 'true']);
  const plain = await startLacework({ client: { fetch: spy } });
  await plain.lacework.check();
  assert.deepEqual([seen.at(-1)?.get('account-name'), seen.at(-1)?.get('org-access')], [null, null]);
});

test('a cut connection, an answer with nothing in it, and the refusals each get their kind', async () => {
  await failsAs('unavailable', { kind: 'reset-before-answer' });
  await failsAs('malformed', { kind: 'status', status: 200, responseBody: '{"data":{}}' });
  await failsAs('terminal', { kind: 'status', status: 400, responseBody: '{"message":"bad filter"}' });
  await failsAs('unauthorised', { kind: 'status', status: 403, responseBody: '{"message":"Forbidden"}' });
  await failsAs('terminal', { kind: 'status', status: 403, responseBody: '{"message":"Unrecognized url"}' });
});

test('what the vendor says of a refusal is repeated, whichever of its forms it has', async () => {
  for (const body of [
    { message: 'the key is unrecognized' },
    { ok: false, data: { message: 'the key is unrecognized' } },
    { ok: false, data: { statusMessage: 'the key is unrecognized' } },
    { ok: false, data: { ErrorMsg: 'the key is unrecognized' } },
  ]) {
    simulator.faults.push({ path, kind: 'status', status: 400, times: 1, responseBody: JSON.stringify(body) });
    await assert.rejects(lacework.check(), /the key is unrecognized/);
  }
});

test('429 waits as long as the vendor says, at least a minute when it does not say, and sends nothing meanwhile', async () => {
  const clock = clockFrom();
  const limited = await startLacework({ clock: clock.read });
  const sent = () => limited.calls(path).length;
  const refused = async (retryAfterMs: number) =>
    assert.rejects(
      limited.lacework.check(),
      (e) => isProviderError(e, 'retry-after') && e.retryAfterMs === retryAfterMs && !e.message.includes(SECRET),
    );
  limited.simulator.faults.push({ path, kind: 'rate-limited', retryAfter: 7, times: 1 });
  await refused(7000);
  const before = sent();
  clock.advance(5000);
  await refused(2000);
  assert.equal(sent(), before, 'the wait is kept without asking');
  clock.advance(2001);
  await limited.lacework.check();
  limited.simulator.faults.push({ path, kind: 'rate-limited', times: 1 });
  await refused(60_000);
});

test('when the vendor says that nothing is left, the next request waits for the hour to end instead of being refused', async () => {
  const clock = clockFrom();
  const last = await startLacework({ clock: clock.read, requestsPerHour: 2 });
  await last.lacework.check();
  clock.advance(600_000);
  await last.lacework.check();
  await assert.rejects(last.lacework.check(), (e) => isProviderError(e, 'retry-after') && e.retryAfterMs === 3_000_000);
  assert.ok(last.calls(path).every((e) => e.status === 200));
  assert.ok((await last.lacework.listAssets(everythingIn(PROD, 'us-east-1'))).assets.length > 30, 'other parts go on');
  clock.advance(3_000_001);
  await last.lacework.check();
});

/** Asks again whenever the client says when, as the retries of an activity do. */
async function withRetry<T>(ask: () => Promise<T>, wait: (ms: number) => void): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await ask();
    } catch (error) {
      if (!isProviderError(error, 'retry-after') || attempt > 20) throw error;
      wait(error.retryAfterMs ?? 0);
    }
}

for (const [who, options] of [
  ['the vendor’s', { requestsPerHour: 3, rateHeaders: false }],
  ['the vendor’s announced', { requestsPerHour: 3 }],
  ['our own', { config: { requestsPerHour: 3 } }],
] as const)
  test(`a list longer than ${who} budget of an hour is read to its end over the hours, without failing or beginning anew`, async () => {
    const clock = clockFrom();
    const started = clock.read();
    const estate = buildScaleEstate(100);
    const tight = await startLacework({ estate, clock: clock.read, pageRows: 10, malformedRows: false, ...options });
    const names: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const query = { ...everythingIn(PROD, 'us-east-1', 30), cursor };
      const page: InventoryPage = await withRetry(() => tight.lacework.listAssets(query), clock.advance);
      names.push(...page.assets.map((a) => a.name));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    assert.equal(new Set(names).size, 100);
    assert.equal(names.length, 100);
    const accepted = tight.calls('/Inventory/').filter((e) => e.status === 200);
    const rows = new Set(accepted.map((e) => e.path));
    assert.equal(rows.size, accepted.length, 'no page was read twice');
    const hours = (clock.read() - started) / 3_600_000;
    assert.ok(hours >= 2.9 && hours < 8, `${hours} hours`);
  });

test('a posture at the limit ends as it would have without one', async () => {
  const clock = clockFrom();
  const free = await startLacework({ clock: clock.read });
  const tight = await startLacework({
    clock: clock.read,
    estate: free.estate,
    requestsPerHour: 5,
    config: { alertsFor: '2h' },
  });
  const asset = await find(free.lacework, free.estate, 'web-5');
  const expected = await free.lacework.posture(asset);
  const posture = await withRetry(() => tight.lacework.posture(asset), clock.advance);
  assert.deepEqual(posture.findings.map((f) => f.uid).sort(), expected.findings.map((f) => f.uid).sort());
});

test('never more requests at once than configured', async () => {
  const busy = await startLacework();
  await Promise.all(Array.from({ length: 40 }, () => busy.lacework.check()));
  assert.ok(busy.simulator.lacework.maxInFlight() <= 4, `${busy.simulator.lacework.maxInFlight()}`);
  assert.ok(busy.simulator.lacework.maxInFlight() > 1);
});
