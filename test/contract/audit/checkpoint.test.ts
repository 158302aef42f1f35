import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MongoClient } from 'mongodb';
import { verifyExport } from '../../../clients/audit/verify.ts';
import { startMongo } from '../../helpers/servers.ts';
import { entry, openLog, publicKeyPem, T0 } from './trail.ts';

let server: Awaited<ReturnType<typeof startMongo>>;
let raw: MongoClient;

before(async () => {
  server = await startMongo();
  raw = await new MongoClient(server.uri).connect();
});
after(async () => {
  await raw?.close();
  await server?.stop();
});

const at = (minute: number) => new Date(Date.parse(T0) + minute * 60_000).toISOString();

async function seeded(database: string) {
  const opened = await openLog(server.uri, database);
  for (const stream of ['remediation/a', 'remediation/b', 'system'])
    for (const n of [1, 2, 3]) await opened.log.append(entry(stream, n));
  return { ...opened, events: raw.db(database).collection<{ _id: string }>('audit_events') };
}

test('checkpoints are numbered, chained, anchored as files, and repeated by the same instant only once', async () => {
  const { log, anchorDir } = await seeded('cp1');
  const first = await log.checkpoint(at(5));
  assert.deepEqual(await log.checkpoint(at(5)), first);
  await log.append(entry('system', 4));
  const second = await log.checkpoint(at(10));
  assert.deepEqual([first.number, second.number], [1, 2]);
  assert.deepEqual((await readdir(anchorDir)).sort(), ['checkpoint-0000000001.json', 'checkpoint-0000000002.json']);
  const anchor = JSON.parse(await readFile(join(anchorDir, 'checkpoint-0000000002.json'), 'utf8'));
  assert.deepEqual([anchor.previous, anchor.heads.length, anchor.events], [first.digest, 1, 10]);
  const verified = await verifyExport({
    content: log.export(),
    publicKeyPem,
    anchorFile: (await log.latestAnchor()) as string,
  });
  assert.deepEqual([verified.status, verified.keySource, verified.afterLastCheckpoint], ['intact', 'given', 0]);
  await log.close();
});

test('two signers at once make two checkpoints, not a fork', async () => {
  const { log, anchorDir } = await seeded('cp2');
  const { log: other } = await openLog(server.uri, 'cp2', { anchorDir });
  const made = await Promise.all([log.checkpoint(at(1)), other.checkpoint(at(2))]);
  assert.deepEqual(
    made.map((c) => c.number).sort((a, b) => a - b),
    [1, 2],
  );
  assert.equal((await verifyExport({ content: log.export() })).status, 'intact');
  await log.close();
  await other.close();
});

test('a checkpoint stored but not anchored before a crash is anchored by the next one', async () => {
  const { log, anchorDir } = await seeded('cp3');
  await log.checkpoint(at(1));
  await rm(join(anchorDir, 'checkpoint-0000000001.json'));
  await log.checkpoint(at(2));
  assert.equal((await readdir(anchorDir)).length, 2);
  await log.close();
});

test('nothing is signed over a cut tail, a changed row, a lost stream or a rolled-back database', async () => {
  const { log, events } = await seeded('cp4');
  await log.checkpoint(at(1));
  const sign = () => log.checkpoint(at(2));
  const row = await events.findOne({ _id: 'system/3' });
  assert.ok(row);
  await events.deleteOne({ _id: 'system/3' });
  await assert.rejects(sign(), /AUDIT_TAMPERED: stream system ends at 2/);
  await events.insertOne({ ...row, hash: 'f'.repeat(64) } as never);
  await assert.rejects(sign(), /AUDIT_TAMPERED: stream system was changed/);
  await log.append(entry('system', 4)).catch(() => undefined);
  await assert.rejects(sign(), /AUDIT_TAMPERED: stream system was changed/);
  await events.deleteMany({ stream: 'system' } as never);
  await assert.rejects(sign(), /AUDIT_TAMPERED: stream system ends at 0/);

  await raw.db('cp4').collection('audit_checkpoints').deleteMany({});
  await assert.rejects(sign(), /AUDIT_TAMPERED: checkpoint 1 is anchored but the database ends at 0/);
  await log.close();
});

test('a database rebuilt to as many checkpoints as are anchored is not signed for either', async () => {
  const { log, anchorDir } = await seeded('cp6');
  await log.checkpoint(at(1));
  const { log: rebuilt, anchorDir: own } = await openLog(server.uri, 'cp6-rebuilt');
  await rebuilt.append(entry('system', 1, { payload: { other: 'story' } }));
  await rebuilt.checkpoint(at(1));
  const file = join(own, 'checkpoint-0000000001.json');
  await rm(file);
  await writeFile(file, await readFile(join(anchorDir, 'checkpoint-0000000001.json')));
  await assert.rejects(rebuilt.checkpoint(at(2)), /AUDIT_TAMPERED: .* holds another checkpoint 1/);
  await log.close();
  await rebuilt.close();
});

test('with the anchor outside, wiping or rewriting the database shows', async () => {
  const { log, anchorDir } = await seeded('cp5');
  await log.checkpoint(at(1));
  const anchorFile = (await log.latestAnchor()) as string;
  const { log: empty } = await openLog(server.uri, 'cp5-empty', { anchorDir });
  const wiped = await verifyExport({ content: empty.export(), anchorFile });
  assert.deepEqual([wiped.status, wiped.firstProblem?.kind], ['tampered', 'checkpoint-dropped']);

  const { log: rewritten } = await openLog(server.uri, 'cp5-rewritten');
  await rewritten.append(entry('remediation/a', 1, { payload: { other: 'story' } }));
  await rewritten.checkpoint(at(1));
  const forged = await verifyExport({ content: rewritten.export(), anchorFile });
  assert.deepEqual([forged.status, forged.firstProblem?.kind], ['tampered', 'anchor-mismatch']);
  for (const l of [log, empty, rewritten]) await l.close();
});

test('a checkpoint that somebody put into the database is written over, not built upon', async () => {
  const { log, anchorDir } = await seeded('cp-stranger');
  const first = await log.checkpoint(at(1));
  const rows = raw.db('cp-stranger').collection<{ _id: string }>('audit_checkpoints');
  const genuine = await rows.findOne({ _id: '1' });
  await rows.insertOne({ ...genuine, _id: '2', number: 2, previous: first.digest } as never);
  await log.append(entry('system', 4));
  assert.equal((await log.checkpoint(at(2))).number, 2);
  await rows.insertOne({ _id: '3', number: 3, nonsense: true } as never);
  assert.equal((await log.checkpoint(at(3))).number, 3);
  const verified = await verifyExport({
    content: log.export(),
    publicKeyPem,
    anchorFile: (await log.latestAnchor()) as string,
  });
  assert.equal(verified.status, 'intact', JSON.stringify(verified.firstProblem));
  assert.equal((await readdir(anchorDir)).length, 3);
  await log.close();
});

test('an event that somebody put into the database is not signed for, and the other streams still are', async () => {
  const { log, events } = await seeded('cp-broken');
  await log.checkpoint(at(1));
  const row = await events.findOne({ _id: 'remediation/b/3' });
  await events.insertOne({ ...row, _id: 'forged', eventId: 'forged', seq: 4, prevHash: '0'.repeat(64) } as never);
  await log.append(entry('system', 4));
  const made = await log.checkpoint(at(2));
  assert.deepEqual(made.broken, [{ stream: 'remediation/b', seq: 4 }]);
  await assert.rejects(log.append(entry('remediation/b', 5)), /does not match its hash, and nothing is built upon it/);
  const verified = await verifyExport({ content: log.export(), publicKeyPem });
  assert.deepEqual(
    [verified.status, verified.firstProblem?.stream, verified.firstProblem?.seq],
    ['tampered', 'remediation/b', 4],
    'the place is named, and nothing else is',
  );
  await events.deleteOne({ _id: 'forged' } as never);
  assert.equal(
    (await verifyExport({ content: log.export(), publicKeyPem })).status,
    'intact',
    'taken out, it is whole',
  );
  await log.append(entry('remediation/b', 5));
  assert.deepEqual((await log.checkpoint(at(3))).broken, []);
  await log.close();
});
