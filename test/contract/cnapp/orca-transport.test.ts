import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import { buildScaleEstate } from '../../../sandbox/estate/scale.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { everythingIn, readAll, startOrca, TOKEN, US } from './orca-helpers.ts';

const query = everythingIn(...US);
const { orca, simulator } = await startOrca({ config: { timeout: 300, rateLimitWait: 0 } });
const errorWith200 = (error: string): Fault => ({
  kind: 'status',
  status: 200,
  responseBody: JSON.stringify({ status: 'failure', error }),
});

async function failsAs(
  kind: ProviderErrorKind,
  fault: Fault,
  more?: { retryAfterMs?: number; says?: RegExp; times?: number },
) {
  simulator.faults.push({ ...fault, times: more?.times ?? 1 });
  await assert.rejects(orca.listAssets(query), (e) => {
    assert.ok(isProviderError(e), String(e));
    assert.equal(e.kind, kind, e.message);
    if (more?.retryAfterMs !== undefined) assert.equal(e.retryAfterMs, more.retryAfterMs);
    if (more?.says) assert.match(e.message, more.says);
    assert.ok(!JSON.stringify([e.message, String(e.cause)]).includes(TOKEN));
    return true;
  });
  assert.equal(simulator.faults.length, 0, 'the fault was used');
}

test('a token that was replaced in the secret store is read again once, and the request goes through', async () => {
  let token = TOKEN;
  let read = 0;
  const replaced = await startOrca({ token: () => (++read === 1 ? TOKEN : token) });
  token = 'orca-token-new';
  replaced.simulator.orca.replaceToken(token);
  await replaced.orca.check();
  assert.deepEqual(
    replaced.requests().map((r) => r.status),
    [401, 200],
  );
});

test('a token that is refused for good is said so after one request: there is no renewal call, and no loop', async () => {
  const wrong = await startOrca({ apiToken: 'another' });
  await assert.rejects(
    wrong.orca.check(),
    (e) => isProviderError(e, 'unauthorised') && /apiToken/.test(e.message) && !e.message.includes(TOKEN),
  );
  assert.equal(wrong.requests().length, 1);
  assert.ok(!JSON.stringify(wrong.simulator.journal.entries()).includes(TOKEN));
});

test('a missing right is named by what it is needed for', async () => {
  await failsAs('unauthorised', { kind: 'status', status: 403 }, { says: /allowed to read assets/ });
  const note = { issueId: 'orca-1', marker: 'm', text: 'm' };
  simulator.faults.push({ path: '/comment', kind: 'status', status: 403, times: 1 });
  await assert.rejects(orca.addIssueNote(note), /allowed to comment on alerts/);
  simulator.faults.push({ path: '/api/scan', kind: 'status', status: 403, times: 1 });
  const [asset] = (await orca.listAssets({ ...query, resourceTypes: ['AWS::EC2::Instance'] })).assets;
  assert.ok(asset);
  await assert.rejects(orca.requestRescan(asset), /allowed to start scans/);
});

for (const header of [true, false])
  test(`at the rate limit ${header ? 'with' : 'without'} Retry-After every page is read and nothing fails`, async () => {
    const waits: number[] = [];
    let now = 1_800_000_000_000;
    const busy = await startOrca({
      estate: buildScaleEstate(400),
      malformedRows: false,
      clock: () => now,
      rateLimit: { requests: 3, perMs: 2000, header },
      client: {
        clock: () => now,
        sleep: async (ms) => {
          waits.push(ms);
          now += ms;
        },
      },
    });
    const pages = await readAll(busy.orca, everythingIn(...US, 20));
    assert.equal(new Set(pages.flatMap((p) => p.assets).map((a) => a.assetKey)).size, 400);
    assert.ok(busy.requests().filter((r) => r.status === 429).length >= 5);
    assert.deepEqual([...new Set(waits)], header ? [2000] : [250, 500, 1000, 2000]);
  });

test('a wait longer than allowed is the caller’s to make', async () => {
  const impatient = await startOrca({ config: { rateLimitWait: '5s' } });
  impatient.simulator.faults.push({ kind: 'rate-limited', retryAfter: 60, times: 1 });
  await assert.rejects(impatient.orca.check(), (e) => isProviderError(e, 'retry-after') && e.retryAfterMs === 60_000);
  assert.equal(impatient.requests().length, 1);
});

test('requests of one client wait together at the limit', async () => {
  let released = () => {};
  const gate = new Promise<void>((resolve) => {
    released = resolve;
  });
  const shared = await startOrca({ client: { sleep: () => gate } });
  shared.simulator.faults.push({ kind: 'rate-limited', retryAfter: 1, times: 1 });
  const first = shared.orca.check();
  while (shared.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const second = shared.orca.check();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(shared.requests().length, 1, 'nobody asks while the limit is on');
  released();
  await Promise.all([first, second]);
  assert.equal(shared.requests().length, 3);
});

test('errors inside HTTP 200 are errors, sorted by what can be done', async () => {
  // Asked for three times before it is believed.
  await failsAs('not-found', errorWith200('Asset not found'), { times: 3 });
  await failsAs('unauthorised', errorWith200('Invalid token'));
  await failsAs('retry-after', errorWith200('Too many requests'), { retryAfterMs: 5000 });
  await failsAs('terminal', errorWith200('Invalid query'));
  await failsAs('unavailable', errorWith200('Shard is down'));
  await failsAs('unavailable', { kind: 'status', status: 200, responseBody: '{"status":"error","data":[]}' });
});

test('a cut connection, and an answer with nothing in it, each get their kind', async () => {
  await failsAs('unavailable', { kind: 'reset-before-answer' });
  await failsAs('malformed', { kind: 'status', status: 200, responseBody: '{"status":"success"}' });
});

test('never more requests at once than configured', async () => {
  const busy = await startOrca();
  await Promise.all(Array.from({ length: 40 }, () => busy.orca.check()));
  assert.ok(busy.simulator.orca.maxInFlight() <= 4, `${busy.simulator.orca.maxInFlight()}`);
  assert.ok(busy.simulator.orca.maxInFlight() > 1);
});
