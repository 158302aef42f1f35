import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProviderError, type ProviderErrorKind } from '../../../ports/errors.ts';
import type { Fault } from '../../../sandbox/kit/faults.ts';
import { everythingIn, find, SECRET, startPrisma } from './prisma-harness.ts';

const query = everythingIn('111122223333', 'us-east-1');
const site = await startPrisma({ config: { timeout: 300 } });
const { prisma, simulator, sent } = site;
const logins = () => sent(/^\/login$/).length;

async function failsAs(kind: ProviderErrorKind, fault: Fault, more?: { retryAfterMs?: number }): Promise<void> {
  simulator.faults.push({ path: '/search/config', ...fault, times: fault.times ?? 1 });
  await assert.rejects(prisma.listAssets(query), (e) => {
    assert.ok(isProviderError(e), String(e));
    assert.equal(e.kind, kind, e.message);
    if (more) assert.equal(e.retryAfterMs, more.retryAfterMs);
    assert.ok(!JSON.stringify([e.message, String(e.cause)]).includes(SECRET));
    return true;
  });
  assert.equal(simulator.faults.length, 0, 'the fault was used');
}

test('one token serves concurrent first requests and all later ones, and account names are read once', async () => {
  await Promise.all([prisma.listAssets(query), prisma.listAssets(query), prisma.listAssets(query)]);
  await prisma.listAssets(query);
  assert.equal(logins(), 1);
  assert.equal(sent(/^\/cloud\/name$/).length, 1);
});

test('a token is extended before its ten minutes end; one that is past them, and an extension refused, log in again', async () => {
  let now = Date.now();
  const clock = () => now;
  const timed = await startPrisma({ clock, client: { clock } });
  const counts = () => [timed.sent(/^\/login$/).length, timed.sent(/extend/).length];
  await timed.prisma.check();
  now += 500_000;
  await timed.prisma.check();
  assert.deepEqual(counts(), [1, 0]);
  now += 60_000;
  await timed.prisma.check();
  assert.deepEqual(counts(), [1, 1]);
  now += 550_000;
  await timed.prisma.check();
  assert.deepEqual(counts(), [1, 2], 'extended again and again');
  now += 700_000;
  await timed.prisma.check();
  assert.deepEqual(counts(), [2, 2], 'too late to extend');
  now += 550_000;
  timed.simulator.prisma.expireTokens();
  await timed.prisma.check();
  assert.deepEqual(counts(), [3, 3]);
  assert.ok(!timed.sent(/cloud/).some((e) => e.status === 401));
});

test('the Compute token is renewed by its real life, whatever it says of itself', async () => {
  let now = Date.now();
  const clock = () => now;
  const timed = await startPrisma({ clock, client: { clock } });
  const asset = await find(timed, 'edge-kev-1');
  await timed.prisma.posture(asset);
  now += 250_000;
  await timed.prisma.posture(asset);
  assert.equal(timed.sent(/authenticate/).length, 1);
  now += 30_000;
  await timed.prisma.posture(asset);
  assert.equal(timed.sent(/authenticate/).length, 2);
  timed.simulator.prisma.expireTokens();
  await timed.prisma.posture(asset);
  assert.equal(timed.sent(/authenticate/).length, 3);
  assert.equal(timed.sent(/meta_info/).length, 1, 'the console path is asked for once');
});

test('a console path of its own, and a version, are used as configured; a tenant without Compute is named', async () => {
  const pinned = await startPrisma();
  const own = await startPrisma({
    config: { apiUrl: pinned.base, computeUrl: `${pinned.base}/compute/`, computePath: '/api/v22.12' },
  });
  const asset = await find(pinned, 'edge-kev-1');
  await own.prisma.posture(asset);
  assert.equal(pinned.sent(/meta_info/).length, 0);
  assert.ok(pinned.sent(/^\/compute\/api\/v22\.12\/hosts/).length > 0);
  pinned.simulator.faults.push({
    path: '/meta_info',
    kind: 'status',
    status: 200,
    responseBody: '{"twistlockUrl":""}',
  });
  await assert.rejects(
    pinned.prisma.posture(asset),
    (e) => isProviderError(e, 'terminal') && /compute to false/.test(e.message),
  );
});

test('the access key never goes to a console that is less protected than the platform', async () => {
  const calls: string[] = [];
  const answer = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body)));
  const strict = await startPrisma({
    config: { apiUrl: 'https://api.prisma.example' },
    client: {
      fetch: (url) => {
        calls.push(String(url));
        if (String(url).endsWith('/login')) return answer({ token: 't' });
        if (String(url).endsWith('/meta_info')) return answer({ twistlockUrl: 'http://console.example' });
        return answer(null);
      },
    },
  });
  const digest = `sha256:${'0'.repeat(64)}`;
  await assert.rejects(strict.prisma.imageFindings?.(digest) ?? Promise.resolve(), /must be https/);
  assert.ok(!calls.some((url) => url.startsWith('http://')));
});

test('wrong credentials are named, and the secret is not', async () => {
  const wrong = await startPrisma({ secretKey: 'another' });
  await assert.rejects(
    wrong.prisma.check(),
    (e) =>
      isProviderError(e, 'unauthorised') &&
      /invalid_credentials.*secretKey/.test(e.message) &&
      !e.message.includes(SECRET),
  );
  assert.ok(!JSON.stringify(wrong.simulator.journal.entries()).includes(SECRET));
});

test('a refusal that states the rate is waited out; too many in a row are handed back with the time to wait', async () => {
  const waits: number[] = [];
  let now = Date.now();
  const slow = await startPrisma({
    clock: () => now,
    rateLimits: { '/cloud/name': { perSecond: 2, burst: 1 } },
    client: {
      clock: () => now,
      sleep: async (ms) => {
        waits.push(ms);
        now += ms;
      },
    },
  });
  for (let n = 0; n < 4; n++) await slow.prisma.check();
  assert.deepEqual(waits, [500, 500, 500]);
  assert.ok(!slow.simulator.journal.entries().some((e) => e.status === 429), 'waited before, not after');
  slow.simulator.faults.push({ path: '/cloud/name', kind: 'rate-limited' });
  await assert.rejects(
    slow.prisma.check(),
    (e) => isProviderError(e, 'retry-after') && e.retryAfterMs === 500 && e.status === 429,
  );
});

test('full speed means waiting and not failing: many postures at the documented shape of the limit', async (t) => {
  const busy = await startPrisma({
    rateLimits: { '/v2/alert': { perSecond: 40, burst: 10 } },
    config: { maxConcurrent: 8 },
  });
  const asset = await find(busy, 'old-db-data');
  const started = Date.now();
  const read = await Promise.all(Array.from({ length: 60 }, () => busy.prisma.posture(asset)));
  const seconds = (Date.now() - started) / 1000;
  const alerts = busy.sent(/^\/v2\/alert$/);
  const refused = alerts.filter((e) => e.status === 429).length;
  assert.equal(read.length, 60);
  assert.equal(alerts.length - refused, 60);
  assert.ok(seconds >= 1.2, `60 requests through a bucket of 10 and 40 a second took ${seconds} s`);
  assert.ok(refused <= 20, `${refused} refusals`);
  t.diagnostic(`60 postures at 40 alert requests a second: ${seconds.toFixed(2)} s, ${refused} refused and sent again`);
});

test('a cut connection, an answer with nothing in it, and "too early" each get their kind', async () => {
  await failsAs('unavailable', { kind: 'reset-before-answer' });
  await failsAs('retry-after', { kind: 'status', status: 425 }, { retryAfterMs: 5000 });
  await failsAs('malformed', { kind: 'status', status: 200, responseBody: '{"data":{}}' });
  await failsAs('malformed', { kind: 'status', status: 200, responseBody: '' });
});

test('a refused query carries the words of the platform, and a name with a quote is never sent', async () => {
  const odd = await startPrisma({
    config: { apiNames: { 'AWS::EC2::Instance': 'aws' }, permissionQuery: 'config from iam where x' },
  });
  await assert.rejects(
    odd.prisma.posture(await find(odd, 'old-db-data')),
    (e) => isProviderError(e, 'terminal') && /HTTP 400 \(invalid_rql_query\)/.test(e.message),
  );
  const quoted = await startPrisma({ config: { regionNames: { 'us-east-1': "x' OR cloud.type = 'aws" } } });
  await assert.rejects(
    quoted.prisma.listAssets(query),
    (e) => isProviderError(e, 'terminal') && /quote/.test(e.message),
  );
  assert.equal(quoted.sent(/search/).length, 0);
});

test('never more requests at once than configured', async () => {
  const busy = await startPrisma();
  await Promise.all(Array.from({ length: 40 }, () => busy.prisma.check()));
  assert.ok(busy.simulator.prisma.maxInFlight() <= 4, `${busy.simulator.prisma.maxInFlight()}`);
  assert.ok(busy.simulator.prisma.maxInFlight() > 1);
});
