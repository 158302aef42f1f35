import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { MongoClient } from 'mongodb';
import { verifyExport } from '../../../clients/audit/verify.ts';
import { isProviderError } from '../../../ports/errors.ts';
import type { MongoAuditLog } from '../../../providers/store/audit/create-mongo-audit-log.ts';
import { GENESIS } from '../../../providers/store/audit/format.ts';
import { startMongo } from '../../helpers/servers.ts';
import { entry, openLog, T0, text } from './trail.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
let log: MongoAuditLog;
let second: MongoAuditLog;
let raw: MongoClient;

before(async () => {
  server = await startMongo();
  ({ log } = await openLog(server.uri, 'append'));
  ({ log: second } = await openLog(server.uri, 'append'));
  raw = await new MongoClient(server.uri).connect();
});
after(async () => {
  await raw?.close();
  await log?.close();
  await second?.close();
  await server?.stop();
});

test('events of a stream are numbered from one and each names the hash before it', async () => {
  const first = await log.append(entry('remediation/a', 1));
  const next = await log.append(entry('remediation/a', 2));
  assert.deepEqual([first.seq, first.prevHash, next.seq, next.prevHash], [1, GENESIS, 2, first.hash]);
  assert.equal(await log.has('remediation/a/1'), true);
  assert.equal(await log.has('remediation/a/3'), false);
});

test('a retried append returns the row already there, also from another process and with a later time', async () => {
  const first = await log.append(entry('remediation/b', 1));
  assert.deepEqual(await second.append(entry('remediation/b', 1, { at: '2026-03-02T10:00:00Z' })), first);
  const racing = await Promise.all([log, second, log, second].map((l) => l.append(entry('remediation/b', 2))));
  assert.equal(new Set(racing.map((e) => e.hash)).size, 1);
  let rows = 0;
  for await (const row of log.stream('remediation/b')) rows += row.seq > 0 ? 1 : 0;
  assert.equal(rows, 2);
});

test('the same eventId with another payload, subject or stream is refused', async () => {
  await log.append(entry('remediation/c', 1));
  const mismatch = (e: unknown) => isProviderError(e, 'terminal') && /IDEMPOTENCY_MISMATCH/.test(e.message);
  await assert.rejects(second.append(entry('remediation/c', 1, { payload: { n: 2 } })), mismatch);
  await assert.rejects(log.append(entry('remediation/c', 1, { subject: 'arn:other' })), mismatch);
  await assert.rejects(log.append({ ...entry('remediation/c', 1), stream: 'system' }), mismatch);
});

test('two hundred appends by two processes on one stream leave no gap and no fork', async () => {
  await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 ? log : second).append(entry('auth', i))));
  const seen: number[] = [];
  let previous = GENESIS;
  for await (const event of log.stream('auth')) {
    assert.equal(event.prevHash, previous);
    previous = event.hash;
    seen.push(event.seq);
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 200 }, (_, i) => i + 1),
  );
});

test('order is by number: a clock that went back changes nothing', async () => {
  await log.append(entry('remediation/clock', 1));
  const back = await log.append(entry('remediation/clock', 2, { at: '2026-03-02T08:00:00Z' }));
  assert.equal(back.seq, 2);
});

test('hostile payloads come back exactly; what JSON cannot hold is refused before anything is written', async () => {
  const payload = JSON.parse('{"__proto__":{"x":1},"$where":"1","a.b":[1e21,0.1,-0],"":"\\u0000é"}');
  await log.append(entry('remediation/h', 1, { payload, subject: 'half \ud800 pair' }));
  await log.append(entry('remediation/h', 2, { payload: { half: '\ud800', when: new Date(0) } }));
  for await (const event of log.stream('remediation/h'))
    if (event.seq === 1)
      assert.equal(
        JSON.stringify(event.payload),
        JSON.stringify({ '': '\u0000é', ...{} })
          .slice(0, -1)
          .concat(',"$where":"1","__proto__":{"x":1},"a.b":[1e+21,0.1,0]}'),
      );
  for (const bad of [{ n: Number.NaN }, { f: 1n }, [] as never, null as never])
    await assert.rejects(log.append(entry('remediation/h', 'bad', { payload: bad })), (e) =>
      isProviderError(e, 'terminal'),
    );
  await assert.rejects(
    log.append(entry('remediation/h', 'big', { payload: { x: 'y'.repeat(9_000_000) } })),
    /larger than/,
  );
  await assert.rejects(log.append({ ...entry('x', 1), eventId: { $gt: '' } as never }), /eventId/);
  assert.equal(await log.has('remediation/h/bad'), false);
});

test('an erased payload leaves a trail that verifies; one that merely vanished does not', async () => {
  await log.append(entry('remediation/e', 1, { payload: { person: 'ann' } }));
  await log.erase({ eventId: 'remediation/e/1', by: 'dpo@example.com', reason: 'request 7', at: T0 });
  for await (const event of log.stream('remediation/e')) assert.deepEqual([event.payload, event.salt], [null, null]);
  const exported = await text(log.export());
  assert.ok(!exported.includes('"ann"'));
  const verified = await verifyExport({ content: exported });
  assert.deepEqual([verified.status, verified.counts.erased], ['intact', 1]);
  await assert.rejects(log.erase({ eventId: 'nope', by: 'x', reason: 'y', at: T0 }), (e) =>
    isProviderError(e, 'not-found'),
  );

  const gone = await log.append(entry('remediation/e', 2));
  await raw.db('append').collection<{ _id: string }>('audit_payloads').deleteOne({ _id: gone.payloadDigest });
  const after = await verifyExport({ content: log.export() });
  assert.deepEqual(
    [after.status, after.firstProblem?.kind, after.firstProblem?.seq],
    ['tampered', 'payload-missing', 2],
  );
});

test('streams are listed once each', async () => {
  const streams = await log.streams();
  assert.ok(streams.includes('auth') && streams.includes('remediation/a'));
  assert.equal(new Set(streams).size, streams.length);
});

test('an unusable signing key is refused without being quoted', async () => {
  await assert.rejects(openLog(server.uri, 'append', { signingKeyPem: 'hunter2' }), (e) => {
    assert.match(String(e), /Ed25519 private key/);
    return !String(e).includes('hunter2');
  });
});

test('without the signing key a process appends, and can sign nothing', async () => {
  const { log: keyless, anchorDir } = await openLog(server.uri, 'append', { signingKeyPem: null });
  await keyless.append(entry('remediation/k', 1));
  const refused = (e: unknown) => isProviderError(e, 'unauthorised') && /signing key/.test(e.message);
  await assert.rejects(keyless.checkpoint(T0), refused);
  assert.throws(() => keyless.export(), refused);
  assert.deepEqual(await readdir(anchorDir), []);
  await keyless.close();
});
