import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Delivery, deliver, type Item } from '../../../activities/telemetry/deliver.ts';
import { ProviderError } from '../../../ports/errors.ts';

const items = (count: number, bytes = 10): Item[] =>
  Array.from({ length: count }, (_, n) => ({
    stream: 's',
    seq: n + 1,
    bytes,
    record: { id: `e${n + 1}`, at: '', severity: 'info', name: 'n', message: 'm', attributes: {} },
  }));

const refusal = (status: number) =>
  new ProviderError({
    kind: status === 403 ? 'unauthorised' : status === 503 ? 'unavailable' : 'terminal',
    provider: 'vendor',
    operation: 'logs',
    message: `answered ${status}`,
    status,
  });

/** A vendor that judges each batch of ids. */
async function run(batch: Item[], judge: (ids: string[]) => number | null, over: Partial<Delivery> = {}) {
  const log = {
    sent: [] as string[],
    parked: [] as [string, string[]][],
    settled: 0,
    requests: 0,
    error: null as unknown,
  };
  await deliver(batch, {
    limit: { items: 1000, bytes: 1_000_000 },
    async send(records) {
      log.requests++;
      const ids = records.map((record) => record.id);
      const status = judge(ids);
      if (status !== null) throw refusal(status);
      log.sent.push(...ids);
      return { rejected: 0, reason: null };
    },
    refusesUs: async () => false,
    async park(some, why) {
      log.parked.push([why.kind, some.map((item) => item.record.id)]);
    },
    settled(count) {
      log.settled += count;
    },
    ...over,
  }).catch((error: unknown) => {
    log.error = error;
  });
  return log;
}

test('two bad records in a thousand are found and put aside; the other 998 arrive, in order', async () => {
  const bad = new Set(['e137', 'e800']);
  const log = await run(items(1000), (ids) => (ids.some((id) => bad.has(id)) ? 400 : null));
  assert.deepEqual(log.parked, [
    ['rejected', ['e137']],
    ['rejected', ['e800']],
  ]);
  assert.equal(log.sent.length, 998);
  assert.deepEqual(
    log.sent,
    log.sent.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
  );
  assert.equal(log.settled, 1000);
  assert.ok(log.requests <= 49, `${log.requests} requests`);
});

test('a vendor that refuses everything is not asked a thousand times', async () => {
  const log = await run(items(1000), () => 400);
  assert.equal(log.settled, 1000);
  assert.equal(log.parked.flatMap(([, ids]) => ids).length, 1000);
  assert.ok(log.requests <= 49, `${log.requests} requests`);
});

test('what is too large is halved as often as it takes, and a single record that is too large is put aside', async () => {
  const log = await run(items(64), (ids) => (ids.length > 3 || ids.includes('e9') ? 413 : null));
  assert.deepEqual(log.parked, [['too-large', ['e9']]]);
  assert.equal(log.sent.length, 63);
});

test('an outage in the middle leaves what came before settled', async () => {
  let calls = 0;
  const log = await run(items(30), () => (++calls === 3 ? 503 : null), { limit: { items: 10, bytes: 1_000 } });
  assert.equal(log.settled, 20);
  assert.match(String(log.error), /answered 503/);
  assert.deepEqual(log.parked, []);
});

test('credentials that are refused as such stop everything; a refusal of one batch does not', async () => {
  const stopped = await run(items(4), () => 403, { refusesUs: async () => true });
  assert.match(String(stopped.error), /answered 403/);
  assert.equal(stopped.requests, 1);
  const gone = await run(items(4), (ids) => (ids.includes('e2') ? 403 : null));
  assert.deepEqual(gone.parked, [['refused', ['e2']]]);
  assert.equal(gone.sent.length, 3);
});

test('batches keep both limits', async () => {
  const sizes: number[] = [];
  const send = async (records: readonly unknown[]) => {
    sizes.push(records.length);
    return { rejected: 0, reason: null };
  };
  await run(items(25, 100), () => null, { send, limit: { items: 10, bytes: 450 } });
  assert.deepEqual(sizes, [4, 4, 4, 4, 4, 4, 1]);
  sizes.length = 0;
  await run(items(3, 5000), () => null, { send, limit: { items: 10, bytes: 450 } });
  assert.deepEqual(sizes, [1, 1, 1], 'a record above the limit still goes, alone');
});
