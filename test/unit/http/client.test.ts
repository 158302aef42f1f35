import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isProviderError } from '../../../ports/errors.ts';
import { safeBase, within } from '../../../providers/http/address.ts';
import { createHttpClient, type HttpClientOptions, type HttpRequest } from '../../../providers/http/client.ts';
import { createPacer } from '../../../providers/http/pace.ts';
import { createTokenCache } from '../../../providers/http/tokens.ts';

const AT = { provider: 'test', field: 'test.url' };

/** A client whose answers are given in turn, with a clock that moves only by waiting. */
function rig(answers: readonly (Response | (() => Response))[], more: Partial<HttpClientOptions> = {}) {
  let now = 0;
  const pauses: number[] = [];
  const asked: string[] = [];
  const queue = [...answers];
  const clock = () => now;
  const sleep = async (ms: number) => {
    pauses.push(ms);
    now += ms;
  };
  const http = createHttpClient({
    hints: { provider: 'test' },
    base: 'https://api.example/v1',
    field: 'test.url',
    timeoutMs: 1_000,
    clock,
    sleep,
    fetch: async (input, init) => {
      asked.push(`${init?.method} ${String(input)}`);
      const next = queue.length > 1 ? queue.shift() : queue[0];
      return typeof next === 'function' ? next() : (next?.clone() ?? new Response(null, { status: 500 }));
    },
    ...more,
  });
  return { http, pauses, asked, clock, sleep };
}
const status = (code: number, headers: Record<string, string> = {}, body = '') =>
  new Response(body || null, { status: code, headers });
const get: HttpRequest = { operation: 'read', path: '/things' };

describe('the HTTP client', () => {
  it('waits out a refusal within its budget, twice as long each time when none is stated', async () => {
    const retry = { attempts: 4, longestWaitMs: 10_000, firstPauseMs: 250 };
    const { http, pauses } = rig([status(429), status(429), status(429), status(200, {}, '{}')], { retry });
    assert.deepEqual(await http.json(get), {});
    assert.deepEqual(pauses, [250, 500, 1_000]);
  });

  it('gives up when the budget of the request is spent, and tells how long to stay away', async () => {
    const retry = { attempts: 9, longestWaitMs: 10_000 };
    const { http, pauses } = rig([status(429, { 'retry-after': '4' })], { retry });
    await assert.rejects(http.send(get), { kind: 'retry-after', retryAfterMs: 4_000 });
    assert.deepEqual(pauses, [4_000, 4_000]);
  });

  it('spends the patience that several requests share', async () => {
    const { http, pauses } = rig([status(429, { 'retry-after': '4' })], {
      retry: { attempts: 1, longestWaitMs: 60_000 },
    });
    const patience = { leftMs: 9_000 };
    await assert.rejects(http.send({ ...get, patience }), { kind: 'retry-after' });
    await assert.rejects(http.send({ ...get, patience }), { kind: 'retry-after' });
    assert.deepEqual([pauses, patience.leftMs], [[4_000, 4_000], 1_000]);
  });

  it('does not ask again for what would be done twice', async () => {
    for (const code of [404, 409, 400, 503]) {
      const { http, asked } = rig([status(code), status(200, {}, '{}')], {
        retry: { attempts: 3, longestWaitMs: 1, statuses: [503] },
      });
      await assert.rejects(http.send({ ...get, body: { a: 1 } }), { status: code });
      assert.equal(asked.length, 1);
    }
  });

  it('asks again for a 400 that speaks of the moment, not for one that says what is wrong', async () => {
    const hints = { provider: 'test', said: (body: unknown) => String((body as { m?: string }).m ?? '') };
    const passing = rig([status(400, {}, '{"m":"Operation in progress, try again"}'), status(200, {}, '{}')], {
      hints,
    });
    await passing.http.send(get);
    const wrong = rig([status(400, {}, '{"m":"unknown field foo"}'), status(200)], { hints });
    await assert.rejects(wrong.http.send(get), { kind: 'terminal' });
    assert.equal(wrong.asked.length, 1);
  });

  it('takes a failing vendor that says when it is back at its word', async () => {
    await assert.rejects(rig([status(503, { 'retry-after': '30' })]).http.send(get), {
      kind: 'retry-after',
      retryAfterMs: 30_000,
    });
    await assert.rejects(rig([status(503)]).http.send(get), { kind: 'unavailable' });
  });

  it('sends a request nowhere but below its base', async () => {
    const { http, asked } = rig([status(200, {}, '{}')]);
    for (const path of [
      'https://evil.example/v1/x',
      'http://api.example/v1/x',
      'https://api.example/v2',
      '/../admin',
      '/a/../../b',
    ])
      await assert.rejects(http.send({ ...get, path }), { kind: 'malformed' });
    assert.deepEqual(asked, []);
    await http.send({ ...get, path: 'https://api.example/v1/things?page=2' });
    assert.deepEqual(asked, ['GET https://api.example/v1/things?page=2']);
  });

  it('names the setting that holds an address which is not safe', () => {
    for (const text of [
      'http://api.example',
      'ftp://127.0.0.1',
      'no address',
      'http://127.0.0.1.example',
      'https://user:pw@api.example',
    ])
      assert.throws(
        () => safeBase(text, AT),
        (e) => isProviderError(e, 'terminal') && /test\.url/.test(e.message) && !/pw/.test(e.message),
      );
    for (const text of ['https://api.example/v1/', 'http://127.0.0.1:8080', 'http://localhost:1/a', 'http://[::1]:1'])
      assert.equal(safeBase(text, AT), text.replace(/\/$/, ''));
    assert.equal(
      within('https://a.example/v1', '/v1/x', { provider: 'test', operation: 'o' }).href,
      'https://a.example/v1/x',
    );
  });
});

describe('pacing', () => {
  it('keeps to several limits at once, and refuses a wait nobody should make', async () => {
    let now = 0;
    const waits: number[] = [];
    const pacer = createPacer({
      ...AT,
      limits: [
        { requests: 2, perMs: 1_000 },
        { requests: 3, perMs: 60_000 },
      ],
      longestWaitMs: 5_000,
      clock: () => now,
      sleep: async (ms) => {
        waits.push(ms);
        now += ms;
      },
    });
    for (let i = 0; i < 3; i++) await pacer.take('read');
    assert.deepEqual(waits, [1_040]);
    await assert.rejects(
      pacer.take('read'),
      (e) => isProviderError(e, 'retry-after') && (e.retryAfterMs ?? 0) > 50_000 && /test\.url/.test(e.message),
    );
    await pacer.take('read', 'another part');
  });

  it('never sends more than the limit in any window, whoever asks at once, nor much less', async () => {
    let now = 1_000_000;
    const clock = () => now;
    const limits = [
      { requests: 5, perMs: 5_000 },
      { requests: 12, perMs: 60_000 },
    ];
    const pacer = createPacer({ ...AT, limits, longestWaitMs: 1e9, clock, sleep: async (ms) => void (now += ms) });
    const sent: number[] = [];
    await Promise.all(Array.from({ length: 40 }, () => pacer.take('read').then(() => sent.push(clock()))));
    for (const at of sent) {
      assert.ok(sent.filter((s) => s >= at && s < at + 5_000).length <= 5);
      assert.ok(sent.filter((s) => s >= at && s < at + 60_000).length <= 12);
    }
    assert.ok((sent.at(-1) as number) - (sent[0] as number) < 4 * 62_000);
  });

  it('learns the vendor’s token bucket from its answers', async () => {
    let now = 0;
    const bucket = { rate: 'rate', burst: 'burst', remaining: 'left', cost: 'cost' };
    const pacer = createPacer({
      ...AT,
      longestWaitMs: 5_000,
      bucket,
      clock: () => now,
      sleep: async (ms) => void (now += ms),
    });
    pacer.learn(new Headers({ rate: '2', burst: '10', left: '1', cost: '1' }), false);
    await pacer.take('read');
    assert.equal(now, 0);
    await pacer.take('read');
    assert.equal(now, 500);
    pacer.learn(new Headers({ rate: '2', burst: '10', left: '9', cost: '1' }), true);
    assert.equal(pacer.waitMs(), 500, 'refused: the bucket is empty whatever it says');
  });

  it('stands still for everybody after a refusal', async () => {
    let now = 0;
    const pacer = createPacer({ ...AT, longestWaitMs: 5_000, clock: () => now, sleep: async (ms) => void (now += ms) });
    pacer.pause(3_000);
    await Promise.all([pacer.take('a'), pacer.take('b')]);
    assert.equal(now, 3_000);
  });
});

describe('tokens', () => {
  const life = 100_000;
  function tokens(ask: (old: string | null) => Promise<string>, earlyMs?: number) {
    let now = 0;
    let asked = 0;
    const cache = createTokenCache({
      clock: () => now,
      ask: async (_, old) => {
        asked++;
        return { token: await ask(old), lifeMs: life };
      },
      ...(earlyMs === undefined ? {} : { earlyMs }),
    });
    return { cache, asked: () => asked, pass: (ms: number) => void (now += ms) };
  }

  it('are asked for once, renewed early, and forgotten when refused', async () => {
    let n = 0;
    const { cache, asked, pass } = tokens(async () => `t${++n}`);
    assert.deepEqual(await Promise.all([cache.get(), cache.get(), cache.get()]), ['t1', 't1', 't1']);
    pass(life * 0.9);
    assert.equal(await cache.get(), 't2');
    assert.equal(cache.discard('t1'), false, 'another has taken its place');
    assert.equal(await cache.get(), 't2');
    assert.equal(cache.discard('t2'), true);
    assert.equal(await cache.get(), 't3');
    assert.equal(asked(), 3);
  });

  it('that could not be had are asked for again by the next caller', async () => {
    let n = 0;
    const { cache } = tokens(async () => (n++ === 0 ? Promise.reject(new Error('down')) : 'good'));
    await assert.rejects(cache.get(), /down/);
    assert.equal(await cache.get(), 'good');
  });

  it('are extended only while they live', async () => {
    const seen: (string | null)[] = [];
    const { cache, pass } = tokens(async (old) => {
      seen.push(old);
      return `t${seen.length}`;
    });
    await cache.get();
    pass(life * 0.95);
    await cache.get();
    pass(life * 2);
    await cache.get();
    assert.deepEqual(seen, [null, 't1', null]);
  });

  it('are kept apart by key', async () => {
    const { cache, asked } = tokens(async () => 'same');
    await Promise.all([cache.get('a'), cache.get('b'), cache.get('a')]);
    assert.equal(asked(), 2);
  });
});
