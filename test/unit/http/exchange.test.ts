import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { AnswerTooLarge, boundedFetch, DeadlinePassed } from '../../../providers/http/exchange.ts';

const URL_ = 'http://127.0.0.1:1/';
const stream = (pull: (c: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>) =>
  new Response(new ReadableStream({ pull }));

describe('one exchange', () => {
  it('ends although a fetch does not listen to its signal', async () => {
    const fetch = boundedFetch({ timeoutMs: 20, maxBytes: 100, fetch: () => new Promise(() => undefined) });
    await assert.rejects(fetch(URL_), DeadlinePassed);
  });

  it('ends although the body goes on drop by drop', async () => {
    const drip = () =>
      stream(async (c) => {
        await setTimeout(5);
        c.enqueue(new Uint8Array(1));
      });
    const fetch = boundedFetch({ timeoutMs: 40, maxBytes: 1_000_000, fetch: async () => drip() });
    await assert.rejects(fetch(URL_), DeadlinePassed);
  });

  it('ends although the body falls silent', async () => {
    const silent = () => stream(() => new Promise(() => undefined));
    await assert.rejects(
      boundedFetch({ timeoutMs: 20, maxBytes: 100, fetch: async () => silent() })(URL_),
      DeadlinePassed,
    );
  });

  it('stops reading what is longer than it may be, stated or not', async () => {
    let sent = 0;
    const endless = () => stream((c) => c.enqueue(new Uint8Array(10 * ++sent)));
    await assert.rejects(
      boundedFetch({ timeoutMs: 1_000, maxBytes: 100, fetch: async () => endless() })(URL_),
      AnswerTooLarge,
    );
    assert.ok(sent < 20, `${sent} pieces were read`);
    const stated = async () => new Response('short', { headers: { 'content-length': '101' } });
    await assert.rejects(boundedFetch({ timeoutMs: 1_000, maxBytes: 100, fetch: stated })(URL_), AnswerTooLarge);
  });

  it('gives an answer as it came, a redirect and an empty one included', async () => {
    const of = (response: Response) =>
      boundedFetch({ timeoutMs: 1_000, maxBytes: 100, fetch: async () => response })(URL_);
    const answer = await of(new Response('ä', { status: 207, headers: { 'x-own': '1' } }));
    assert.deepEqual([answer.status, answer.headers.get('x-own'), await answer.text()], [207, '1', 'ä']);
    assert.equal((await of(new Response(null, { status: 204 }))).status, 204);
    assert.equal((await of(new Response(null, { status: 302, headers: { location: '/' } }))).status, 302);
  });

  it('listens to the signal of its caller as well', async () => {
    const own = new AbortController();
    const fetch = boundedFetch({
      timeoutMs: 5_000,
      maxBytes: 100,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('given up')))),
    });
    const running = fetch(URL_, { signal: own.signal });
    own.abort();
    await assert.rejects(running, /given up/);
  });
});
